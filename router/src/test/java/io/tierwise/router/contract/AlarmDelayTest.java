package io.tierwise.router.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class AlarmDelayTest {
  private static final AuditMonitor START = AuditMonitor.starting(0.1, 0.05);

  @Test
  void isExactWhereEveryAuditIsLost() {
    // As in AuditMonitorTest: five losses from the start ring.
    assertEquals(OptionalInt.of(5), AlarmDelay.median(START, 1, new SplittableRandom(1)));
  }

  @Test
  void isUnknownWhereTheContractIsKept() {
    assertEquals(OptionalInt.empty(), AlarmDelay.median(START, 0, new SplittableRandom(1)));
  }

  @Test
  void isNoneOnceItRang() {
    AuditMonitor rang = START;
    while (!rang.rang()) {
      rang = rang.observe(true);
    }
    assertEquals(OptionalInt.of(0), AlarmDelay.median(rang, 0.3, new SplittableRandom(1)));
  }

  @Test
  void isLongerForASmallerDriftAndTheSameForTheSameSeed() {
    OptionalInt small = AlarmDelay.median(START, 0.2, new SplittableRandom(1));
    OptionalInt large = AlarmDelay.median(START, 0.4, new SplittableRandom(1));
    assertTrue(small.orElseThrow() > 2 * large.orElseThrow(), small + " and " + large);
    assertEquals(small, AlarmDelay.median(START, 0.2, new SplittableRandom(1)));
  }
}
