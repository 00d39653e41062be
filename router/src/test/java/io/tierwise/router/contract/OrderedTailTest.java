package io.tierwise.router.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class OrderedTailTest {
  @Test
  void tellsEqualCountsApartByTheLastLoss() {
    // of 5 audits at ε = 0.4, one lost: P(0) = 0.07776, P(1) = 0.2592
    assertEquals(0.07776 + 0.2592 / 5, OrderedTail.atMost(1, 1, 5, 0.4), 1e-12);
    assertEquals(0.07776 + 0.2592 * 3 / 5, OrderedTail.atMost(1, 3, 5, 0.4), 1e-12);
    assertEquals(0.07776 + 0.2592, OrderedTail.atMost(1, 5, 5, 0.4), 1e-12);
    // two lost, the last in the third place: 3 of the 10 pairs end there or before
    assertEquals(0.33696 + 0.3456 * 3 / 10, OrderedTail.atMost(2, 3, 5, 0.4), 1e-12);
  }

  @Test
  void withoutALossItIsTheBinomialTail() {
    assertEquals(Math.pow(0.95, 59), OrderedTail.atMost(0, 0, 59, 0.05), 1e-15);
  }

  /**
   * The guarantee, with every outcome of ten audits enumerated: at a risk of ε or more, p is at
   * most any level with no more than the level's probability.
   */
  @Property(tries = 200)
  void isAtMostALevelNoMoreOftenThanTheLevel(
      @ForAll @DoubleRange(min = 0.02, max = 0.6) double epsilon,
      @ForAll @DoubleRange(min = 0, max = 0.4) double above,
      @ForAll @DoubleRange(min = 0.01, max = 0.99) double level) {
    double below = 0;
    for (int outcome = 0; outcome < 1 << AUDITS; outcome++) {
      if (pValue(outcome, epsilon) <= level) {
        below += probability(outcome, Math.min(1, epsilon + above));
      }
    }
    assertTrue(below <= level + 1e-12, "P(p ≤ " + level + ") = " + below);
  }

  /** The binomial test cannot spend a level between two counts; this one nearly does. */
  @Test
  void spendsMoreOfTheLevelThanTheCountAlone() {
    double level = 0.1;
    double[] spent = new double[2];
    for (int outcome = 0; outcome < 1 << AUDITS; outcome++) {
      int losses = Integer.bitCount(outcome);
      spent[0] += BinomialTail.atMost(losses, AUDITS, 0.3) <= level ? probability(outcome, 0.3) : 0;
      spent[1] += pValue(outcome, 0.3) <= level ? probability(outcome, 0.3) : 0;
    }
    assertEquals(0.0282, spent[0], 1e-4, Arrays.toString(spent));
    assertTrue(spent[1] > 0.08 && spent[1] <= level, Arrays.toString(spent));
  }

  @Property(tries = 200)
  void isNeverAboveTheBinomialTail(
      @ForAll @IntRange(min = 1, max = 500) int trials,
      @ForAll @DoubleRange(min = 0, max = 1) double share,
      @ForAll @DoubleRange(min = 0, max = 1) double where,
      @ForAll @DoubleRange(min = 0.01, max = 0.5) double epsilon) {
    int losses = (int) (share * trials);
    int last = losses + (int) (where * (trials - losses));
    double p = OrderedTail.atMost(losses, last, trials, epsilon);
    assertTrue(p <= BinomialTail.atMost(losses, trials, epsilon) + 1e-15);
    assertTrue(losses == 0 || p >= BinomialTail.atMost(losses - 1, trials, epsilon) - 1e-15);
  }

  private static final int AUDITS = 10;

  /** Bit i of the outcome: whether audit i + 1 was lost. */
  private static double pValue(int outcome, double epsilon) {
    int last = Integer.SIZE - Integer.numberOfLeadingZeros(outcome);
    return OrderedTail.atMost(Integer.bitCount(outcome), last, AUDITS, epsilon);
  }

  private static double probability(int outcome, double risk) {
    int losses = Integer.bitCount(outcome);
    return Math.pow(risk, losses) * Math.pow(1 - risk, AUDITS - losses);
  }
}
