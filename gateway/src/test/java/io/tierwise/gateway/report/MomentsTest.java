package io.tierwise.gateway.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class MomentsTest {
  /** Slope 2.2, residual sum 1.8 on 2 degrees; two more with x of 10 together: variance 7.2. */
  @Test
  void predictsASumByLeastSquares() {
    Moments moments = moments(new int[][] {{1, 2}, {2, 4}, {3, 5}, {4, 9}});
    Moments.Prediction prediction = moments.predict(BigDecimal.TWO, BigDecimal.TEN).orElseThrow();
    assertEquals(0, new BigDecimal("21").compareTo(prediction.sum()));
    assertEquals("11.545229", rounded(prediction.halfWidth()));
  }

  @Test
  void predictsByTheMeanWhereAllHaveOneLength() {
    Moments moments = moments(new int[][] {{7, 2}, {7, 4}, {7, 5}, {7, 9}});
    Moments.Prediction prediction =
        moments.predict(BigDecimal.TWO, new BigDecimal("14")).orElseThrow();
    assertEquals(0, BigDecimal.TEN.compareTo(prediction.sum()));
    assertEquals("16.227356", rounded(prediction.halfWidth()));
  }

  @Test
  void predictsNothingFromTwoPairs() {
    assertTrue(
        moments(new int[][] {{1, 2}, {2, 4}}).predict(BigDecimal.ONE, BigDecimal.ONE).isEmpty());
  }

  /** Costs on a line with normal noise: 95 % of the intervals must hold what comes. */
  @Test
  void holdsWhatComesAsOftenAsItSays() {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(7);
    int held = 0;
    for (int draw = 0; draw < 2000; draw++) {
      Moments moments = new Moments();
      for (int i = 0; i < 12; i++) {
        BigDecimal x = BigDecimal.valueOf(random.nextInt(50, 500));
        moments.add(x, cost(x, random));
      }
      BigDecimal moreX = BigDecimal.ZERO;
      BigDecimal more = BigDecimal.ZERO;
      for (int i = 0; i < 20; i++) {
        BigDecimal x = BigDecimal.valueOf(random.nextInt(50, 500));
        moreX = moreX.add(x);
        more = more.add(cost(x, random));
      }
      Moments.Prediction prediction = moments.predict(BigDecimal.valueOf(20), moreX).orElseThrow();
      BigDecimal error = more.subtract(prediction.sum()).abs();
      held += error.compareTo(prediction.halfWidth()) <= 0 ? 1 : 0;
    }
    // 1900 expected, a standard deviation of 9.7
    assertTrue(held > 1870 && held < 1930, "held " + held + " of 2000");
  }

  private static BigDecimal cost(BigDecimal x, RandomGenerator random) {
    return x.add(BigDecimal.valueOf(30 + 10 * random.nextGaussian()));
  }

  private static Moments moments(int[][] pairs) {
    Moments moments = new Moments();
    for (int[] pair : pairs) {
      moments.add(BigDecimal.valueOf(pair[0]), BigDecimal.valueOf(pair[1]));
    }
    return moments;
  }

  private static String rounded(BigDecimal value) {
    return value.setScale(6, RoundingMode.HALF_EVEN).toPlainString();
  }
}
