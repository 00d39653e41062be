package io.tierwise.student.artifact;

import io.tierwise.router.InvalidValueException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where an artifact comes from.
 *
 * @param job what made it, such as {@code distill}
 * @param parameters of the job, by name; empty where it has none
 * @param parents versions of the artifacts it was made from
 * @param dataSha256 of the training data; empty where there was none
 * @param codeVersion of the code that made it
 */
public record Lineage(
    String job,
    Map<String, String> parameters,
    List<String> parents,
    String dataSha256,
    long seed,
    String codeVersion) {
  public Lineage {
    if (job.isBlank()) {
      throw new InvalidValueException("lineage.job", "it is blank", "name what made the artifact");
    }
    parameters = Collections.unmodifiableMap(new TreeMap<>(parameters));
    parents = List.copyOf(parents);
  }
}
