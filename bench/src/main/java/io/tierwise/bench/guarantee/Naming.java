package io.tierwise.bench.guarantee;

import io.tierwise.bench.guarantee.ChangingTraffic.Change;
import io.tierwise.bench.guarantee.ChangingTraffic.Event;
import io.tierwise.distill.Progress;
import io.tierwise.gateway.store.DriftWatch;
import io.tierwise.router.drift.DriftKind;
import io.tierwise.router.drift.LabelMix;
import io.tierwise.router.drift.PinnedAnswers;
import io.tierwise.router.drift.Strangeness;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;

/** Which drift is called what, after how many audits, and how often a calm is called something. */
public final class Naming {
  private static final int CALM_BEFORE = 1_000;
  private static final int CALM = 5_000;
  private static final int LONGEST = 3_000;

  /** Texts that are pinned, and how often the large model differs from itself on them. */
  private static final int PINNED = 100;

  private static final double SELF_DISAGREEMENT = 0.01;

  /** Audits from one round of pinned texts to the next. */
  private static final int BETWEEN_ROUNDS = 100;

  private Naming() {}

  /**
   * One drift as one detector hears it.
   *
   * @param named streams in which it was named so within {@value #LONGEST} audits
   * @param median audits until then, of those; {@code worst} of them; 0 where it never was
   */
  public record Named(
      String drift, DriftKind name, int streams, int named, int median, int worst) {}

  /**
   * @param named calm streams of {@value #CALM} audits in which a detector named something
   * @param alpha what is promised of that
   */
  public record False(DriftKind name, int streams, int named, double alpha) {}

  /** All that was measured. */
  public record Measured(List<Named> named, List<False> falseNames) {}

  static Measured run(Drift.Spec spec, ScoredData data, Progress progress) {
    ChangingTraffic traffic = new ChangingTraffic(data);
    List<Named> named = new ArrayList<>();
    List<Change> changes = traffic.changes(spec.seed());
    for (Change change : changes) {
      List<Map<DriftKind, Integer>> streams = new ArrayList<>();
      for (int stream = 0; stream < spec.streams(); stream++) {
        streams.add(heard(traffic, change, spec.seed() + stream));
        progress.report("naming: " + change.name(), stream + 1L, spec.streams());
      }
      for (DriftKind kind : DriftKind.values()) {
        named.add(summed(change.name(), kind, streams));
      }
    }
    return new Measured(named, calm(spec, traffic, changes.getFirst(), progress));
  }

  private static Map<DriftKind, Integer> heard(ChangingTraffic traffic, Change change, long seed) {
    Listening listening = new Listening(traffic, new SplittableRandom(seed));
    listening.listen(change.before(), traffic::answer, CALM_BEFORE);
    listening.forget();
    listening.listen(change.after(), change.answersNow(), LONGEST);
    return listening.heard;
  }

  private static Named summed(String drift, DriftKind kind, List<Map<DriftKind, Integer>> streams) {
    int[] audits =
        streams.stream()
            .filter(each -> each.containsKey(kind))
            .mapToInt(each -> each.get(kind))
            .sorted()
            .toArray();
    return new Named(
        drift,
        kind,
        streams.size(),
        audits.length,
        audits.length == 0 ? 0 : audits[audits.length / 2],
        audits.length == 0 ? 0 : audits[audits.length - 1]);
  }

  private static List<False> calm(
      Drift.Spec spec, ChangingTraffic traffic, Change change, Progress progress) {
    Map<DriftKind, Integer> named = new EnumMap<>(DriftKind.class);
    for (int stream = 0; stream < spec.calmStreams(); stream++) {
      Listening listening =
          new Listening(traffic, new SplittableRandom(spec.seed() + 1_000_003L * (stream + 1)));
      listening.listen(change.before(), traffic::answer, CALM);
      listening.heard.keySet().forEach(kind -> named.merge(kind, 1, Integer::sum));
      progress.report("naming: calm", stream + 1L, spec.calmStreams());
    }
    return Arrays.stream(DriftKind.values())
        .map(kind ->
            new False(kind, spec.calmStreams(), named.getOrDefault(kind, 0), DriftWatch.ALPHA))
        .toList();
  }

  /** Those who name drifts, over one stream of audits. */
  private static final class Listening {
    private final ChangingTraffic traffic;
    private final SplittableRandom random;
    private final int[] pinnedRows = new int[PINNED];
    private final Map<DriftKind, Integer> heard = new EnumMap<>(DriftKind.class);
    private LabelMix mix;
    private Strangeness strangeness = Strangeness.starting(DriftWatch.ALPHA);
    private PinnedAnswers pinned;

    Listening(ChangingTraffic traffic, SplittableRandom random) {
      this.traffic = traffic;
      this.random = random;
      this.mix = LabelMix.starting(DriftWatch.ALPHA, traffic.categories());
      for (int i = 0; i < PINNED; i++) {
        pinnedRows[i] = traffic.familiar(random);
      }
      this.pinned = PinnedAnswers.starting(DriftWatch.ALPHA, PINNED, differing(traffic::answer));
    }

    /** What was heard in the calm was false, and is counted apart. */
    void forget() {
      heard.clear();
    }

    void listen(ChangingTraffic.Source source, IntUnaryOperator answers, int audits) {
      for (int audit = 1; audit <= audits; audit++) {
        Event event = source.next(random);
        LabelMix.Observed observed = mix.observe(event.category());
        mix = observed.mix();
        if (observed.shift().isPresent()) {
          heard.putIfAbsent(DriftKind.LABEL_SHIFT, audit);
        }
        strangeness = strangeness.observe(event.confidence(), random.nextDouble());
        if (strangeness.rang()) {
          heard.putIfAbsent(DriftKind.NEW_TEXTS, audit);
          strangeness = Strangeness.starting(DriftWatch.ALPHA);
        }
        if (audit % BETWEEN_ROUNDS == 0) {
          pinned = pinned.observe(differing(answers), PINNED);
          if (pinned.rang()) {
            heard.putIfAbsent(DriftKind.LARGE_MODEL_CHANGED, audit);
          }
        }
      }
    }

    private int differing(IntUnaryOperator answers) {
      int differing = 0;
      for (int row : pinnedRows) {
        boolean other = answers.applyAsInt(row) != traffic.answer(row);
        differing += other || random.nextDouble() < SELF_DISAGREEMENT ? 1 : 0;
      }
      return differing;
    }
  }
}
