package io.tierwise.router.drift;

import io.tierwise.router.Requirement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Watches the mix of a task's labels: every {@value #BETWEEN_LOOKS} audits the last 100, 200 and
 * 400 are compared with all before them ({@link SampleDifference}). The j-th look spends
 * α/(j(j+1)), shared by its windows, so that over its whole life a mix that stays is called another
 * one with probability at most α. A pure fold: the same labels in the same order give the same
 * state.
 *
 * @param alpha the probability of a false name, over all looks
 * @param looks j
 * @param counts of each category since the mix was last called another one
 * @param recent the last categories of these, oldest first, as many as the widest window holds
 */
public record LabelMix(double alpha, int looks, List<Long> counts, List<Integer> recent) {
  private static final int BETWEEN_LOOKS = 50;
  private static final int[] WINDOWS = {100, 200, 400};
  private static final int WIDEST = WINDOWS[WINDOWS.length - 1];

  public LabelMix {
    Requirement.openUnit("mix.alpha", alpha);
    counts = List.copyOf(counts);
    recent = List.copyOf(recent);
  }

  /**
   * @param categories how many there are, at least one
   */
  public static LabelMix starting(double alpha, int categories) {
    return starting(alpha, 0, Requirement.positive("mix.categories", categories));
  }

  private static LabelMix starting(double alpha, int looks, int categories) {
    return new LabelMix(alpha, looks, Collections.nCopies(categories, 0L), List.of());
  }

  /**
   * The category that has changed most.
   *
   * @param window how many audits {@code now} is the share of
   * @param before its share of all audits before them
   */
  public record Shift(int category, int window, double before, double now) {}

  /**
   * One more audit.
   *
   * @param mix the state after it; where it shifted, one that begins anew with the mix from here on
   * @param shift empty while the mix is the same
   */
  public record Observed(LabelMix mix, Optional<Shift> shift) {}

  /** The state after one more audit. */
  public Observed observe(int category) {
    List<Long> nextCounts = new ArrayList<>(counts);
    nextCounts.set(category, nextCounts.get(category) + 1);
    List<Integer> nextRecent =
        new ArrayList<>(recent.subList(recent.size() < WIDEST ? 0 : 1, recent.size()));
    nextRecent.add(category);
    LabelMix next = new LabelMix(alpha, looks, nextCounts, nextRecent);
    long audits = next.audits();
    return audits % BETWEEN_LOOKS == 0 && audits >= 2L * WINDOWS[0]
        ? next.look(audits)
        : new Observed(next, Optional.empty());
  }

  /** How many audits the mix is known from. */
  public long audits() {
    return counts.stream().mapToLong(Long::longValue).sum();
  }

  private Observed look(long audits) {
    int j = looks + 1;
    double level = alpha / ((double) j * (j + 1)) / WINDOWS.length;
    for (int window : WINDOWS) {
      if (audits >= 2L * window) {
        long[] now = last(window);
        long[] before = before(now);
        if (SampleDifference.pValue(before, now) <= level) {
          return new Observed(
              starting(alpha, j, counts.size()), Optional.of(most(before, now, audits, window)));
        }
      }
    }
    return new Observed(new LabelMix(alpha, j, counts, recent), Optional.empty());
  }

  private long[] last(int window) {
    long[] now = new long[counts.size()];
    recent.subList(recent.size() - window, recent.size()).forEach(category -> now[category]++);
    return now;
  }

  private long[] before(long[] now) {
    long[] before = new long[now.length];
    for (int k = 0; k < before.length; k++) {
      before[k] = counts.get(k) - now[k];
    }
    return before;
  }

  /** The one with the largest part of X². */
  private Shift most(long[] before, long[] now, long audits, int window) {
    int most = 0;
    double largest = -1;
    for (int k = 0; k < now.length; k++) {
      double expected = (double) counts.get(k) * window / audits;
      double part = expected == 0 ? 0 : (now[k] - expected) * (now[k] - expected) / expected;
      if (part > largest) {
        largest = part;
        most = k;
      }
    }
    return new Shift(
        most, window, (double) before[most] / (audits - window), (double) now[most] / window);
  }
}
