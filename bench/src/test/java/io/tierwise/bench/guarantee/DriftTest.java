package io.tierwise.bench.guarantee;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.distill.Progress;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DriftTest {
  private static final Drift.Spec SPEC = new Drift.Spec(0.05, 0.1, 0.05, 11, 40, 1);

  @Test
  void hearsADriftAfterAShortAndALongCalmAndStaysSilentWithoutOne() {
    Drift.Measured measured = Drift.run(SPEC, Drifts.simulated(0.05), Progress.SILENT);
    assertEquals(List.of(500, 5_000), measured.heard().stream().map(Drift.Heard::calm).toList());
    for (Drift.Heard heard : measured.heard()) {
      assertTrue(heard.median() < 300, heard::toString);
      assertTrue(heard.worst() >= heard.median(), heard::toString);
      assertTrue(heard.requests() > 5 * heard.median(), heard::toString);
    }
    for (Drift.Calm calm : measured.calm()) {
      assertTrue(calm.alarms() <= calm.allowed(), calm::toString);
    }
  }

  @Test
  void aStreamThatLosesEverythingIsShutWithinTens() {
    Drift.Kind kind = new Drift.Kind("all", Drift.chance(0), random -> true, 0, 1);
    Drift.Measured measured = Drift.run(SPEC, List.of(kind), Progress.SILENT);
    assertTrue(measured.heard().getFirst().worst() < 30, measured::toString);
  }
}
