package io.tierwise.student.artifact;

import io.tierwise.router.InvalidValueException;
import java.util.List;

/**
 * Where an artifact comes from.
 *
 * @param job what made it, such as {@code distill}
 * @param parents versions of the artifacts it was made from
 * @param dataSha256 of the training data; empty where there was none
 * @param codeVersion of the code that made it
 */
public record Lineage(
    String job, List<String> parents, String dataSha256, long seed, String codeVersion) {
  public Lineage {
    if (job.isBlank()) {
      throw new InvalidValueException("lineage.job", "it is blank", "name what made the artifact");
    }
    parents = List.copyOf(parents);
  }
}
