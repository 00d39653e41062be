package io.tierwise.bench.guarantee;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.contract.ConfidenceGrid;
import io.tierwise.router.contract.Thresholds;
import io.tierwise.router.request.Label;
import io.tierwise.router.tier.TierName;
import io.tierwise.student.model.Prediction;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** What happens to a task's traffic: drifts of a known size, and those of a data set. */
final class Drifts {
  private static final double CALM_RISK = 0.4;
  private static final double DRIFT_RISK = 3;
  static final int RELABELLED = 30;
  static final double CHANGED_ANSWERS = 0.2;

  private final double epsilon;
  private final ScoredData data;
  private final Thresholds thresholds;
  private final List<Integer> familiar;
  private final List<Integer> strange;

  private Drifts(double epsilon, ScoredData data) {
    this.epsilon = epsilon;
    this.data = data;
    this.familiar = rows(row -> !data.strangers().contains(data.answered().get(row).label()));
    this.strange = rows(row -> data.strangers().contains(data.answered().get(row).label()));
    this.thresholds = thresholds();
  }

  /** The losses jump from 0.4 ε to 3 ε, whatever the reason. */
  static List<Drift.Kind> simulated(double epsilon) {
    double calm = CALM_RISK * epsilon;
    double risk = DRIFT_RISK * epsilon;
    return List.of(new Drift.Kind("simulated", Drift.chance(calm), Drift.chance(risk), calm, risk));
  }

  /** A student's answers to real texts under a threshold that held ε before. */
  static List<Drift.Kind> of(double epsilon, ScoredData data, long seed) {
    Drifts drifts = new Drifts(epsilon, data);
    return List.of(
        drifts.kind("30 labels are others now", drifts.familiar, drifts.relabelled(seed)),
        drifts.newDomain(),
        drifts.kind("the large model changes", drifts.familiar, drifts.changed(seed)));
  }

  private List<Integer> rows(IntPredicate which) {
    return IntStream.range(0, data.answered().size()).filter(which).boxed().toList();
  }

  /** The laxest step that loses at most 0.8 ε of what the student knows. */
  private Thresholds thresholds() {
    Thresholds last = Thresholds.NONE;
    for (Thresholds step : ConfidenceGrid.path().steps()) {
      long lost = familiar.stream().filter(row -> lost(step, row, data.agrees(row))).count();
      if (lost > 0.8 * epsilon * familiar.size()) {
        break;
      }
      last = step;
    }
    return last;
  }

  private boolean lost(Thresholds step, int row, boolean agrees) {
    Prediction prediction = data.predictions().get(row);
    return !agrees && step.pass(TierName.STUDENT, prediction.confidence());
  }

  private Drift.Kind kind(String name, List<Integer> rows, IntPredicate agreesNow) {
    boolean[] before = losses(familiar, data::agrees);
    boolean[] after = losses(rows, agreesNow);
    return new Drift.Kind(name, drawn(before), drawn(after), share(before), share(after));
  }

  /** So many texts of labels that the student never saw that the risk is at least 3 ε. */
  private Drift.Kind newDomain() {
    double accepted = share(losses(strange, row -> false));
    double known = share(losses(familiar, data::agrees));
    double needed = (DRIFT_RISK * epsilon - known) / (accepted - known);
    if (!(needed > 0 && needed <= 1)) {
      throw new InvalidValueException(
          "--data", "texts of unseen labels are passed on by the threshold", "give a larger set");
    }
    boolean[] calm = losses(familiar, data::agrees);
    boolean[] fresh = losses(strange, row -> false);
    Drift.Losses before = drawn(calm);
    Drift.Losses strangers = drawn(fresh);
    Drift.Losses after =
        random -> random.nextDouble() < needed ? strangers.next(random) : before.next(random);
    double risk = needed * accepted + (1 - needed) * known;
    return new Drift.Kind("a new domain arrives", before, after, known, risk);
  }

  /** The reference gives the texts of some labels another name. */
  private IntPredicate relabelled(long seed) {
    List<Label> labels =
        new ArrayList<>(
            familiar.stream().map(row -> data.answered().get(row).label()).distinct().toList());
    Collections.shuffle(labels, new Random(seed));
    Set<Label> others = new HashSet<>(labels.subList(0, Math.min(RELABELLED, labels.size() / 2)));
    return row -> data.agrees(row) && !others.contains(data.answered().get(row).label());
  }

  /** The large model gives a fifth of the texts another answer. */
  private IntPredicate changed(long seed) {
    return row -> data.agrees(row) && new Random(seed + 31L * row).nextDouble() >= CHANGED_ANSWERS;
  }

  private boolean[] losses(List<Integer> rows, IntPredicate agrees) {
    boolean[] losses = new boolean[rows.size()];
    for (int i = 0; i < losses.length; i++) {
      losses[i] = lost(thresholds, rows.get(i), agrees.test(rows.get(i)));
    }
    return losses;
  }

  private static Drift.Losses drawn(boolean[] losses) {
    return (RandomGenerator random) -> losses[random.nextInt(losses.length)];
  }

  private static double share(boolean[] losses) {
    return IntStream.range(0, losses.length).filter(i -> losses[i]).count()
        / (double) losses.length;
  }
}
