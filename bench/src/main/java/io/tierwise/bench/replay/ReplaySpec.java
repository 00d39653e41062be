package io.tierwise.bench.replay;

import io.tierwise.router.contract.Contract;
import io.tierwise.router.cost.Tariff;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What to replay.
 *
 * @param referenceField the field with the large model's recorded answer
 * @param labelField the field with the human label; null when there is none
 * @param work an empty directory for the student's artifacts
 * @param cache where what is computed once for all runs is kept
 */
public record ReplaySpec(
    Path data,
    String referenceField,
    @Nullable String labelField,
    Contract contract,
    long seed,
    Prices prices,
    Path work,
    Path cache) {

  /** What each tier costs. */
  public record Prices(Tariff exactCache, Tariff student, Tariff large) {}
}
