package io.tierwise.router.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.math.BigInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class BinomialTailTest {
  @Test
  void knowsTheSmallCases() {
    assertEquals(0.125, BinomialTail.atMost(0, 3, 0.5), 1e-15);
    assertEquals(0.5, BinomialTail.atMost(1, 3, 0.5), 1e-15);
    assertEquals(1, BinomialTail.atMost(3, 3, 0.5), 0);
    assertEquals(0.023711082663476764, BinomialTail.atMost(4, 100, 0.1), 1e-15);
    assertEquals(0.05757688648703381, BinomialTail.atMost(5, 100, 0.1), 1e-15);
  }

  @Property(tries = 250)
  void equalsTheSumInExactArithmetic(
      @ForAll @IntRange(min = 1, max = 120) int trials,
      @ForAll @IntRange(max = 120) int losses,
      @ForAll @IntRange(min = 1, max = 99) int percent) {
    int k = Math.min(losses, trials);
    double exact = exact(k, trials, percent).doubleValue();
    assertEquals(exact, BinomialTail.atMost(k, trials, percent / 100.0), 1e-12 * exact + 1e-300);
  }

  /** Σ C(n, i) p^i (1−p)^(n−i), every term exact. */
  private static BigDecimal exact(int losses, int trials, int percent) {
    BigDecimal lost = BigDecimal.valueOf(percent, 2);
    BigDecimal kept = BigDecimal.ONE.subtract(lost);
    BigInteger ways = BigInteger.ONE;
    BigDecimal sum = BigDecimal.ZERO;
    for (int i = 0; i <= losses; i++) {
      sum = sum.add(lost.pow(i).multiply(kept.pow(trials - i)).multiply(new BigDecimal(ways)));
      ways = ways.multiply(BigInteger.valueOf(trials - i)).divide(BigInteger.valueOf(i + 1L));
    }
    return sum;
  }
}
