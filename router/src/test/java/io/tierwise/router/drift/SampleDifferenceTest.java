package io.tierwise.router.drift;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

final class SampleDifferenceTest {
  @Test
  void isTheChiSquareTestWhereCountsAreLarge() {
    // X² = 40,000 · (6,000 · 13,000 − 14,000 · 7,000)²/(20,000² · 13,000 · 27,000) = 113.960 at
    // one degree of freedom; one per mille less than that is what exchangeability says of it.
    double p = SampleDifference.pValue(new long[] {6_000, 14_000}, new long[] {7_000, 13_000});
    assertEquals(1.3e-26, p, 0.3e-26);
  }

  @Test
  void saysNothingOfOneCategory() {
    assertEquals(1, SampleDifference.pValue(new long[] {50, 0}, new long[] {40, 0}));
  }

  @Test
  void doesNotDependOnCategoriesThatNeverCame() {
    assertEquals(
        SampleDifference.pValue(new long[] {30, 20}, new long[] {20, 30}),
        SampleDifference.pValue(new long[] {30, 0, 20, 0}, new long[] {20, 0, 30, 0}),
        1e-15);
  }

  /** At levels that looks spend, of samples of one mix, with most categories rare. */
  @Property(tries = 20)
  void isRarelySmallForOneMix(
      @ForAll @IntRange(min = 2, max = 150) int categories,
      @ForAll @LongRange(min = 0, max = 1_000_000) long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int small = 0;
    for (int i = 0; i < 2_000; i++) {
      long[] one = draw(random, categories, 400);
      long[] other = draw(random, categories, 100);
      small += SampleDifference.pValue(one, other) <= 0.005 ? 1 : 0;
    }
    // 10 are expected; five standard errors are 16.
    assertEquals(10, small, 16, categories + " categories");
  }

  private static long[] draw(SplittableRandom random, int categories, int size) {
    long[] counts = new long[categories];
    for (int i = 0; i < size; i++) {
      // The square makes the first ones common and the last ones rare.
      double place = random.nextDouble();
      counts[(int) (place * place * categories)]++;
    }
    assertEquals(size, LongStream.of(counts).sum());
    return counts;
  }
}
