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
 * @param work where the student's artifact is written
 */
public record ReplaySpec(
    Path data,
    String referenceField,
    @Nullable String labelField,
    Contract contract,
    long seed,
    Prices prices,
    Path work) {

  /** What each tier costs. */
  public record Prices(Tariff exactCache, Tariff student, Tariff large) {}
}
