package io.tierwise.distill.ladder;

import io.tierwise.distill.compress.Technique;
import java.util.List;
import java.util.Optional;

/**
 * What to make, in what order.
 *
 * @param task that the artifacts answer
 * @param seeds the whole ladder is made once with each
 * @param stages each after those that it is made from; the first is the teacher
 * @param comparisons stages to be set against each other
 */
public record Recipe(
    String task, List<Long> seeds, List<Stage> stages, List<Comparison> comparisons) {
  public Recipe {
    seeds = List.copyOf(seeds);
    stages = List.copyOf(stages);
    comparisons = List.copyOf(comparisons);
  }

  /**
   * One artifact.
   *
   * @param from names of the stages that it is made from
   */
  public record Stage(String name, List<String> from, Technique technique) {
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

  Optional<Stage> stage(String name) {
    return stages.stream().filter(stage -> stage.name().equals(name)).findFirst();
  }
}
