package io.tierwise.bench.speed;

import io.tierwise.bench.load.Load;
import io.tierwise.bench.load.Measured;
import io.tierwise.distill.Progress;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.ToDoubleFunction;

/**
 * Contestants measured in turns: each round gives every one a short turn, so that what else the
 * machine does falls on all alike, and ratios are taken within a round.
 */
final class Rounds {
  private final Map<String, List<Turned>> turns = new LinkedHashMap<>();

  private Rounds() {}

  /** Who is loaded by how many at once, and how often. */
  record Plan(
      String stage, List<Contestant> contestants, int rounds, int connections, Duration turn) {}

  /**
   * One turn of one contestant.
   *
   * @param processor microseconds of processor time that its process took for one answer
   */
  record Turned(Measured load, double processor) {
    double perSecond() {
      return load.perSecond();
    }

    double p50() {
      return load.p50();
    }

    double p99() {
      return load.p99();
    }

    double firstByteP50() {
      return load.firstByteP50();
    }
  }

  /** How a contestant is loaded. */
  @FunctionalInterface
  interface Rate {
    /** Requests a second; 0 for as many as it answers. */
    double of(Contestant contestant);
  }

  static Rounds run(Plan plan, Rate rate, Load load, Progress progress) throws IOException {
    Rounds all = new Rounds();
    int done = 0;
    for (int round = 0; round < plan.rounds(); round++) {
      for (Contestant contestant : plan.contestants()) {
        double before = ProcessorTime.micros(contestant.pid());
        Measured measured =
            load.run(contestant.turn(plan.connections(), plan.turn(), rate.of(contestant)));
        double taken = ProcessorTime.micros(contestant.pid()) - before;
        all.turns
            .computeIfAbsent(contestant.name(), name -> new ArrayList<>())
            .add(new Turned(measured, taken / Math.max(1, measured.answers())));
        progress.report(plan.stage(), ++done, (long) plan.rounds() * plan.contestants().size());
      }
    }
    return all;
  }

  boolean has(String name) {
    return turns.containsKey(name);
  }

  /** The median over the rounds. */
  double median(String name, ToDoubleFunction<Turned> figure) {
    return median(of(name).stream().mapToDouble(figure).toArray());
  }

  /** The median over the rounds of one contestant's figure over another's in the same round. */
  double ratio(String name, String other, ToDoubleFunction<Turned> figure) {
    return pairwise(name, other, figure, (one, two) -> one / two);
  }

  /** The median over the rounds of one contestant's figure less another's in the same round. */
  double difference(String name, String other, ToDoubleFunction<Turned> figure) {
    return pairwise(name, other, figure, (one, two) -> one - two);
  }

  private double pairwise(
      String name, String other, ToDoubleFunction<Turned> figure, DoubleBinaryOperator operator) {
    List<Turned> ones = of(name);
    List<Turned> others = of(other);
    double[] values = new double[ones.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          operator.applyAsDouble(
              figure.applyAsDouble(ones.get(i)), figure.applyAsDouble(others.get(i)));
    }
    return median(values);
  }

  long failures(String name) {
    return of(name).stream().mapToLong(each -> each.load().failures()).sum();
  }

  private List<Turned> of(String name) {
    List<Turned> own = turns.get(name);
    if (own == null) {
      throw new IllegalArgumentException("no contestant '" + name + "'");
    }
    return own;
  }

  static double median(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
