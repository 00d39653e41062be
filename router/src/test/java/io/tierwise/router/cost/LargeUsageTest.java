package io.tierwise.router.cost;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class LargeUsageTest {
  @Test
  void assumesFourBytesATokenBeforeTheFirstAnswer() {
    assertEquals(Usage.tokens(25, 1, Duration.ZERO), LargeUsage.UNKNOWN.estimate(100));
    assertEquals(Usage.tokens(26, 1, Duration.ZERO), LargeUsage.UNKNOWN.estimate(101));
    assertEquals(Usage.tokens(0, 1, Duration.ZERO), LargeUsage.UNKNOWN.estimate(0));
  }

  @Test
  void scalesInputWithTheBytesAndTakesTheMeanOfTheRest() {
    LargeUsage seen =
        LargeUsage.UNKNOWN
            .observe(100, Usage.tokens(30, 2, Duration.ofMillis(100)))
            .observe(300, Usage.tokens(90, 5, Duration.ofMillis(200)));
    // 120 tokens of 400 bytes; 7 of 2 answers, rounded up; 300 ms of 2
    assertEquals(Usage.tokens(60, 4, Duration.ofMillis(150)), seen.estimate(200));
  }

  @Test
  void foldsInAnyOrder() {
    Usage small = Usage.tokens(10, 1, Duration.ofMillis(10));
    Usage big = Usage.tokens(900, 40, Duration.ofMillis(700));
    assertEquals(
        LargeUsage.UNKNOWN.observe(40, small).observe(3600, big),
        LargeUsage.UNKNOWN.observe(3600, big).observe(40, small));
  }

  @Test
  void knowsNoBytesWithoutDividingByThem() {
    LargeUsage seen = LargeUsage.UNKNOWN.observe(0, Usage.tokens(8, 1, Duration.ZERO));
    assertEquals(Usage.tokens(0, 1, Duration.ZERO), seen.estimate(0));
  }
}
