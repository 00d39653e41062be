package io.tierwise.distill.ladder;

import io.tierwise.router.cost.Money;
import java.util.List;

/**
 * One technique's artifact as measured, over all seeds.
 *
 * @param accuracies on the test part, one a seed
 * @param lost points of accuracy below the teacher, the mean over test examples of what the seeds
 *     lost on each; negative when it gained
 * @param lostLower lower end of its 95 % interval
 * @param lostUpper upper end
 * @param bytes of the graph, as it is on disk
 * @param compressedBytes of the graph, gzipped: what zeros save
 * @param p50Micros of one input at a time
 * @param p50MicrosBatch32 of 32 inputs at once, for all of them
 * @param perMillion what the forward passes of a million answers cost, by the second
 * @param pareto whether no other artifact is at least as accurate, as small and as fast, and better
 *     in one of them
 */
public record Rung(
    String name,
    String technique,
    List<Double> accuracies,
    double lost,
    double lostLower,
    double lostUpper,
    long bytes,
    long compressedBytes,
    double p50Micros,
    double p50MicrosBatch32,
    Money perMillion,
    boolean pareto) {
  public Rung {
    accuracies = List.copyOf(accuracies);
  }

  public double accuracy() {
    return accuracies.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
  }

  /** Largest accuracy less the smallest. */
  public double spread() {
    return accuracies.stream().mapToDouble(Double::doubleValue).max().orElse(0)
        - accuracies.stream().mapToDouble(Double::doubleValue).min().orElse(0);
  }

  Rung onFront(boolean front) {
    return new Rung(
        name,
        technique,
        accuracies,
        lost,
        lostLower,
        lostUpper,
        bytes,
        compressedBytes,
        p50Micros,
        p50MicrosBatch32,
        perMillion,
        front);
  }

  /** Whether it is no worse in anything and better in something. */
  boolean dominates(Rung other) {
    boolean noWorse =
        accuracy() >= other.accuracy() && bytes <= other.bytes && p50Micros <= other.p50Micros;
    boolean better =
        accuracy() > other.accuracy() || bytes < other.bytes || p50Micros < other.p50Micros;
    return noWorse && better;
  }
}
