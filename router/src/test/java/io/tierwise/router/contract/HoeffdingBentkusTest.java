package io.tierwise.router.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.router.InvalidValueException;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class HoeffdingBentkusTest {
  /** exp(100·ln 0.9) = 0.9^100 is also P(Bin(100, 0.1) ≤ 0); Bentkus is e times that. */
  @Test
  void withoutAnyLossIsHoeffdings() {
    assertEquals(Math.pow(0.9, 100), HoeffdingBentkus.pValue(0, 100, 0.1), 1e-15);
  }

  /** e·P(Bin(100, 0.1) ≤ 3) = 2.71828 · 0.0078365. Hoeffding gives exp(−100·0.036555) = 0.02586. */
  @Test
  void takesTheSmallerOfTheTwoBounds() {
    assertEquals(0.0213017, HoeffdingBentkus.pValue(3, 100, 0.1), 1e-6);
  }

  @Test
  void isOneWhereTheLossesAreAsLargeAsTheHypothesisSays() {
    assertEquals(1, HoeffdingBentkus.pValue(10, 100, 0.1));
    assertEquals(1, HoeffdingBentkus.pValue(100, 100, 0.1));
  }

  @Test
  void aSumThatIsWholeButForRoundingIsWhole() {
    double thrice = 0.1 * 3 + 0.7 * 3 + 0.6;
    assertEquals(
        HoeffdingBentkus.pValue(3, 100, 0.1), HoeffdingBentkus.pValue(thrice, 100, 0.1), 1e-9);
  }

  @Test
  void refusesASumThatIsNone() {
    assertThrows(InvalidValueException.class, () -> HoeffdingBentkus.pValue(-1, 10, 0.1));
    assertThrows(InvalidValueException.class, () -> HoeffdingBentkus.pValue(11, 10, 0.1));
    assertThrows(InvalidValueException.class, () -> HoeffdingBentkus.pValue(0, 0, 0.1));
    assertThrows(InvalidValueException.class, () -> HoeffdingBentkus.pValue(0, 10, 1));
  }

  @Property(tries = 300)
  void isNeverBelowTheExactTailOfWholeLosses(
      @ForAll @IntRange(min = 1, max = 400) int n,
      @ForAll @DoubleRange(min = 0, max = 1) double share,
      @ForAll @DoubleRange(min = 0.01, max = 0.6) double epsilon) {
    int losses = (int) (share * n);
    double exact = BinomialTail.atMost(losses, n, epsilon);
    assertTrue(HoeffdingBentkus.pValue(losses, n, epsilon) >= exact * (1 - 1e-9));
  }

  @Property(tries = 300)
  void risesWithTheLossesAndFallsWithEpsilon(
      @ForAll @IntRange(min = 1, max = 400) int n,
      @ForAll @DoubleRange(min = 0, max = 0.5) double mean,
      @ForAll @DoubleRange(min = 0, max = 0.5) double more,
      @ForAll @DoubleRange(min = 0.01, max = 0.5) double epsilon) {
    double pValue = HoeffdingBentkus.pValue(mean * n, n, epsilon);
    assertTrue(pValue >= 0 && pValue <= 1);
    assertTrue(HoeffdingBentkus.pValue((mean + more) * n, n, epsilon) >= pValue - 1e-12);
    assertTrue(HoeffdingBentkus.pValue(mean * n, n, epsilon + 0.1) <= pValue + 1e-12);
  }

  /** Losses of 0, ½ and 1 of mean ε = 0.1: of 4,000 p-values no more than δ may be below δ. */
  @Test
  void isRarelySmallWhereTheHypothesisHolds() {
    SplittableRandom random = new SplittableRandom(9);
    int lives = 4000;
    int below = 0;
    for (int life = 0; life < lives; life++) {
      double sum = 0;
      for (int i = 0; i < 150; i++) {
        double draw = random.nextDouble();
        sum += draw < 0.05 ? 1 : draw < 0.15 ? 0.5 : 0;
      }
      below += HoeffdingBentkus.pValue(sum, 150, 0.1) <= 0.1 ? 1 : 0;
    }
    assertTrue(below <= 0.1 * lives, below + " of " + lives);
    assertTrue(below > 0, "a test that rejects nothing shows nothing");
  }
}
