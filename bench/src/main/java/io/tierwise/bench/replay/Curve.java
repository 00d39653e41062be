package io.tierwise.bench.replay;

import io.tierwise.bench.Outcome;
import io.tierwise.distill.Progress;
import io.tierwise.distill.bag.DistillJob.Workshop;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * What a stream costs and how good its answers are, for one contract after the other.
 *
 * @param points in the order of their ε
 */
public record Curve(List<Point> points) {
  public Curve {
    points = List.copyOf(points);
  }

  /**
   * One ε, over all seeds.
   *
   * @param saving mean share of the all-large cost, with the least and the most of any seed
   * @param accuracy mean; not a number without human labels, as is {@code largeAccuracy}
   * @param violations certificates broken, of {@code certificates}
   * @param missed seeds whose whole stream disagrees in more than ε
   * @param reviews mean number of answers that people were asked about
   */
  public record Point(
      double epsilon,
      int seeds,
      double saving,
      double leastSaving,
      double mostSaving,
      double disagreement,
      double accuracy,
      double largeAccuracy,
      int violations,
      int certificates,
      int missed,
      double reviews) {}

  /** Makes the spec of a run. */
  @FunctionalInterface
  public interface Runs {
    /**
     * @param epsilon of its contract
     */
    PrequentialSpec spec(double epsilon, long seed) throws IOException;

    /** Called when it is done. */
    default void done(PrequentialSpec spec) throws IOException {}
  }

  public static Curve measure(
      List<Double> epsilons, List<Long> seeds, Runs runs, Workshop workshop, Progress progress)
      throws IOException {
    List<Point> points = new ArrayList<>();
    for (double epsilon : epsilons.stream().sorted().toList()) {
      points.add(point(epsilon, seeds, runs, workshop, progress));
    }
    return new Curve(points);
  }

  /** One contract of the curve. */
  public static Point point(
      double epsilon, List<Long> seeds, Runs runs, Workshop workshop, Progress progress)
      throws IOException {
    List<Prequential.Result> results = new ArrayList<>();
    for (long seed : seeds) {
      PrequentialSpec spec = runs.spec(epsilon, seed);
      results.add(Prequential.run(spec, workshop, progress));
      runs.done(spec);
    }
    return point(epsilon, results);
  }

  /** The point with the largest saving among those at least as accurate as the large model. */
  public Optional<Point> parity() {
    return points.stream()
        .filter(point -> point.accuracy() >= point.largeAccuracy())
        .max(Comparator.comparingDouble(Point::saving));
  }

  private static Point point(double epsilon, List<Prequential.Result> results) {
    List<Outcome> outcomes = results.stream().map(Prequential.Result::outcome).toList();
    return new Point(
        epsilon,
        results.size(),
        mean(outcomes, Curve::saving),
        outcomes.stream().mapToDouble(Curve::saving).min().orElse(Double.NaN),
        outcomes.stream().mapToDouble(Curve::saving).max().orElse(Double.NaN),
        mean(outcomes, Outcome::disagreement),
        mean(outcomes, Outcome::accuracy),
        mean(outcomes, Outcome::largeAccuracy),
        results.stream().mapToInt(Prequential.Result::violations).sum(),
        results.stream().mapToInt(Prequential.Result::certificates).sum(),
        (int) outcomes.stream().filter(Outcome::violation).count(),
        results.stream().mapToInt(Prequential.Result::reviews).average().orElse(0));
  }

  /** For drawing and means; amounts are kept as money. */
  private static double saving(Outcome outcome) {
    return outcome.saving().doubleValue();
  }

  private static double mean(List<Outcome> outcomes, ToDoubleFunction<Outcome> figure) {
    return outcomes.stream().mapToDouble(figure).average().orElse(Double.NaN);
  }
}
