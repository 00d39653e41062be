package io.tierwise.distill.win;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class SharesTest {
  private static final double[] FIRST = {1, 2, 3, 4};
  private static final double[] SECOND = {1, -1, -1, 1};

  @Test
  void findsWhatASumIsMadeOfWhateverTheConstant() {
    Shares shares = Shares.of(FIRST, SECOND, new double[] {10 + 5, 10 + 1, 10 + 3, 10 + 11});
    assertEquals(2, shares.first(), 1e-12);
    assertEquals(3, shares.second(), 1e-12);
    assertEquals(2 * 4 + 3 * 5, shares.mixed(4, 5), 1e-12);
  }

  @Test
  void givesNothingToWhatPointsTheWrongWay() {
    Shares shares = Shares.of(FIRST, SECOND, new double[] {0, 3, 4, 3});
    assertEquals(1, shares.first(), 1e-12);
    assertEquals(0, shares.second());
    assertEquals(new Shares(0, 0), Shares.of(FIRST, SECOND, new double[] {3, 3, 2, 0}));
  }

  @Test
  void ofTwoThatSayTheSameItTakesOne() {
    assertEquals(new Shares(1, 0), Shares.of(FIRST, FIRST, FIRST));
    assertEquals(new Shares(0, 0), Shares.of(new double[4], new double[4], FIRST));
  }
}
