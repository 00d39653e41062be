package io.tierwise.gateway.store;

import io.tierwise.router.contract.AuditSample;
import io.tierwise.router.drift.DriftKind;
import io.tierwise.router.drift.LabelMix;
import io.tierwise.router.drift.Strangeness;
import io.tierwise.router.request.Label;
import io.tierwise.router.tier.TierName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * What a task's audits have shown so far of drifts by name: a pure fold over all of them, whatever
 * certificate they were made under, so that a drift is still named after it has shut the gate.
 *
 * @param labels the categories of the mix, in their order; one more is for audits without a usable
 *     answer
 * @param artifact the student whose confidences are watched; null before the first
 * @param lastAudit the place in the log of the last audit folded
 */
public record DriftWatch(
    List<Label> labels,
    LabelMix mix,
    @Nullable String artifact,
    Strangeness strangeness,
    long lastAudit) {
  /** The probability of a false name: of the labels ever, of strange texts for each student. */
  public static final double ALPHA = 0.01;

  public DriftWatch {
    labels = List.copyOf(labels);
  }

  static DriftWatch starting(List<Label> labels) {
    return new DriftWatch(
        labels, LabelMix.starting(ALPHA, labels.size() + 1), null, Strangeness.starting(ALPHA), 0);
  }

  /**
   * After an audit.
   *
   * @param heard what it completed the evidence for; the watch begins anew with what is now usual
   */
  record Observed(DriftWatch watch, List<Heard> heard) {}

  /** A name with what was seen. */
  record Heard(DriftKind kind, String detail) {}

  /** The same for a task whose labels or whose live student are others now. */
  DriftWatch following(List<Label> now, @Nullable String live) {
    LabelMix nextMix =
        labels.equals(now)
            ? mix
            : new LabelMix(
                ALPHA, mix.looks(), LabelMix.starting(ALPHA, now.size() + 1).counts(), List.of());
    boolean sameStudent = live == null || live.equals(artifact);
    return new DriftWatch(
        now,
        nextMix,
        sameStudent ? artifact : live,
        sameStudent ? strangeness : Strangeness.starting(ALPHA),
        lastAudit);
  }

  Observed observe(AuditRow row, long place) {
    List<Heard> heard = new ArrayList<>();
    LabelMix nextMix = mix;
    if (row.referenceMissing() || row.reference() != null) {
      LabelMix.Observed observed = mix.observe(category(row));
      nextMix = observed.mix();
      observed.shift().ifPresent(shift -> heard.add(words(shift)));
    }
    Strangeness next = strangeness;
    AuditSample.Scored student = row.proposals().get(TierName.STUDENT);
    if (student != null && artifact != null && artifact.equals(row.artifact())) {
      next = strangeness.observe(student.confidence(), tie(row));
      if (next.rang()) {
        heard.add(words(next));
        next = Strangeness.starting(ALPHA);
      }
    }
    return new Observed(new DriftWatch(labels, nextMix, artifact, next, place), heard);
  }

  private int category(AuditRow row) {
    int known = row.reference() == null ? -1 : labels.indexOf(row.reference());
    return known < 0 ? labels.size() : known;
  }

  /** Drawn by the request's id: the same audits in the same order give the same state. */
  private static double tie(AuditRow row) {
    return new SplittableRandom(row.requestId().hashCode()).nextDouble();
  }

  private Heard words(LabelMix.Shift shift) {
    String label =
        shift.category() < labels.size() ? "'" + labels.get(shift.category()) + "'" : "no label";
    return new Heard(
        DriftKind.LABEL_SHIFT,
        String.format(
            Locale.ROOT,
            "the large model answers otherwise on average than before; most of all %s: %.1f %% of"
                + " the last %d audits, %.1f %% before",
            label,
            100 * shift.now(),
            shift.window(),
            100 * shift.before()));
  }

  private static Heard words(Strangeness state) {
    return new Heard(
        DriftKind.NEW_TEXTS,
        String.format(
            Locale.ROOT,
            "about %.0f %% of the texts are as strange to the student as the strangest tenth was",
            100 * state.monitor().recentRisk()));
  }
}
