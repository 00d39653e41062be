package io.tierwise.bench.guarantee;

import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.request.Label;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** A task's traffic as those see it who name drifts, before and after one. */
final class ChangingTraffic {
  private static final double NEW_DOMAIN = 0.15;
  private static final double OTHER_MIX = 0.25;
  private static final double FAVOURED_LABELS = 0.1;

  private final ScoredData data;
  private final List<Label> labels;
  private final int[] familiar;
  private final int[] strange;

  ChangingTraffic(ScoredData data) {
    this.data = data;
    this.labels =
        data.answered().stream()
            .map(row -> row.label())
            .distinct()
            .filter(label -> !data.strangers().contains(label))
            .sorted((one, other) -> one.value().compareTo(other.value()))
            .toList();
    this.familiar = rows(false);
    this.strange = rows(true);
  }

  private int[] rows(boolean strangers) {
    return IntStream.range(0, data.answered().size())
        .filter(row -> data.strangers().contains(data.answered().get(row).label()) == strangers)
        .toArray();
  }

  /**
   * An audited request.
   *
   * @param category of the large model's answer
   * @param confidence the student's
   */
  record Event(int category, Confidence confidence) {}

  /** Draws what comes next. */
  interface Source {
    Event next(RandomGenerator random);
  }

  /**
   * What happens.
   *
   * @param answersNow the large model's answer to a row after it, as a category
   */
  record Change(String name, Source before, Source after, IntUnaryOperator answersNow) {}

  /** Categories of answers: the labels, and one for what is none of them. */
  int categories() {
    return labels.size() + 1;
  }

  /** A row that a text may be pinned of. */
  int familiar(RandomGenerator random) {
    return familiar[random.nextInt(familiar.length)];
  }

  int answer(int row) {
    int known = labels.indexOf(data.answered().get(row).label());
    return known < 0 ? labels.size() : known;
  }

  List<Change> changes(long seed) {
    Source calm = source(familiar, this::answer);
    IntUnaryOperator relabelled = relabelled(seed);
    IntUnaryOperator changed = changed(seed);
    int[] favoured = favoured(seed);
    return List.of(
        new Change("30 labels are others now", calm, source(familiar, relabelled), relabelled),
        new Change(
            "a new domain arrives",
            calm,
            mixed(NEW_DOMAIN, source(strange, this::answer), calm),
            this::answer),
        new Change("the large model changes", calm, source(familiar, changed), changed),
        new Change(
            "a tenth of the labels grows",
            calm,
            mixed(OTHER_MIX, source(favoured, this::answer), calm),
            this::answer));
  }

  private Source source(int[] rows, IntUnaryOperator answers) {
    return random -> {
      int row = rows[random.nextInt(rows.length)];
      return new Event(answers.applyAsInt(row), data.predictions().get(row).confidence());
    };
  }

  private static Source mixed(double share, Source fresh, Source usual) {
    return random -> (random.nextDouble() < share ? fresh : usual).next(random);
  }

  /** Texts of some labels get the names of others. */
  private IntUnaryOperator relabelled(long seed) {
    List<Integer> shuffled = new ArrayList<>(IntStream.range(0, labels.size()).boxed().toList());
    Collections.shuffle(shuffled, new Random(seed));
    int some = Math.min(Drifts.RELABELLED, labels.size() / 2);
    Map<Integer, Integer> names = new HashMap<>();
    for (int i = 0; i < some; i++) {
      names.put(shuffled.get(i), shuffled.get(some + i));
    }
    return row -> names.getOrDefault(answer(row), answer(row));
  }

  /** A fifth of the texts get any other answer. */
  private IntUnaryOperator changed(long seed) {
    return row -> {
      Random random = new Random(seed + 31L * row);
      return random.nextDouble() < Drifts.CHANGED_ANSWERS
          ? random.nextInt(labels.size())
          : answer(row);
    };
  }

  private int[] favoured(long seed) {
    List<Integer> shuffled = new ArrayList<>(IntStream.range(0, labels.size()).boxed().toList());
    Collections.shuffle(shuffled, new Random(seed + 1));
    List<Integer> some = shuffled.subList(0, Math.max(1, (int) (FAVOURED_LABELS * labels.size())));
    return IntStream.of(familiar).filter(row -> some.contains(answer(row))).toArray();
  }
}
