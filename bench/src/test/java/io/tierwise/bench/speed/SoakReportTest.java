package io.tierwise.bench.speed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.bench.load.Measured;
import io.tierwise.router.InvalidValueException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SoakReportTest {
  @Test
  void countsAsLostWhatWasAnsweredAndIsNotInTheLedger() {
    SoakReport.Builder builder = soak();
    builder.turnedAway(2);

    SoakReport report = builder.build(new LedgerCount(196, 195));

    // 200 sent, 1 never answered, 2 turned away: 197 requests should be there.
    assertEquals(2, report.lost());
    assertEquals(1, report.doubled());
    assertEquals(7, report.kinds().get("large").refused());
  }

  @Test
  void losesNothingWhereTheLedgerKnowsMoreThanTheCallers() {
    SoakReport report = soak().build(new LedgerCount(200, 200));

    assertEquals(0, report.lost());
    assertEquals(0, report.doubled());
  }

  @Test
  void comparesTheLastThirdWithTheFirst() {
    SoakReport.Builder builder = soak();
    for (int heap : new int[] {100, 100, 700, 900, 150, 150}) {
      builder.state(new ProcessState(heap, 20, 50, 1000));
    }

    SoakReport report = builder.build(new LedgerCount(200, 200));

    assertEquals(1.5, report.growth(ProcessState::heapBytes));
    assertEquals(1, report.growth(ProcessState::threads));
    assertTrue(report.json().path("heapGrowth").isDouble());
  }

  @Test
  void refusesToLastNoTimeAtAll() {
    Duration second = Duration.ofSeconds(1);
    assertThrows(
        InvalidValueException.class, () -> new SoakBench.Options(Duration.ZERO, second, 0, 1));
    assertThrows(
        InvalidValueException.class, () -> new SoakBench.Options(second, Duration.ZERO, 0, 1));
    assertThrows(InvalidValueException.class, () -> new SoakBench.Options(second, second, 2, 1));
  }

  @Test
  void readsTheHeapOfEveryCollector() throws IOException {
    List<String> serial =
        List.of(
            "4242:",
            " def new generation   total 19648K, used 1300K [0x00000000e0000000, 0x00000000)",
            "  eden space 17472K,   7% used [0x00000000e0000000, 0x00000000e0145090)",
            " tenured generation   total 43712K, used 30000K [0x00000000ea800000, 0x00000000)",
            " Metaspace       used 40000K, committed 41000K, reserved 1114112K");

    assertEquals(31_300L * 1024, ProcessState.heap(serial));
    assertEquals(
        40_000L * 1024,
        ProcessState.heap(List.of(" garbage-first heap   total 251904K, used 40000K [0x00)")));
    assertThrows(IOException.class, () -> ProcessState.heap(List.of("4242: no such process")));
  }

  private static SoakReport.Builder soak() {
    SoakReport.Builder builder = new SoakReport.Builder();
    builder.turn("large", measured(60, 55, 0));
    builder.turn("large", measured(40, 37, 1));
    builder.turn("student", measured(100, 100, 0));
    return builder;
  }

  private static Measured measured(long sent, long answers, long unanswered) {
    return new Measured(sent, answers, sent - answers, 0, unanswered, 1, 1, 1, 1, 1, 1, 1, 1);
  }
}
