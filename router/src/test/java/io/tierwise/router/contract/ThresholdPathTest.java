package io.tierwise.router.contract;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.tier.TierName;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ThresholdPathTest {
  private static Thresholds step(double semantic, double student) {
    return new Thresholds(
        Map.of(
            TierName.SEMANTIC_CACHE, new Confidence(semantic),
            TierName.STUDENT, new Confidence(student)));
  }

  @Test
  void aStudentsGridIsWalkedFromStrictToLax() {
    assertEquals(
        List.of(
            Thresholds.student(new Confidence(0.9)),
            Thresholds.student(new Confidence(0.8)),
            Thresholds.student(new Confidence(0.5))),
        ThresholdPath.student(new double[] {0.8, 0.5, 0.9, 0.8}).steps());
  }

  @Test
  void severalTiersMoveTogether() {
    assertDoesNotThrow(
        () -> new ThresholdPath(List.of(step(0.99, 0.9), step(0.98, 0.9), step(0.98, 0.7))));
  }

  @Test
  void aTierMayJoinOnTheWayAndMayNotLeave() {
    Thresholds student = Thresholds.student(new Confidence(0.9));
    assertDoesNotThrow(() -> new ThresholdPath(List.of(Thresholds.NONE, student, step(1, 0.9))));
    assertThrows(
        InvalidValueException.class, () -> new ThresholdPath(List.of(step(1, 0.9), student)));
  }

  @Test
  void refusesAStepThatIsStricterForAnyTier() {
    assertEquals(
        "path[2]: it is stricter than the step before; order strict to lax",
        assertThrows(
                InvalidValueException.class,
                () ->
                    new ThresholdPath(List.of(step(0.99, 0.9), step(0.98, 0.8), step(0.97, 0.81))))
            .getMessage());
  }

  @Test
  void refusesAPathWithoutAStep() {
    assertThrows(InvalidValueException.class, () -> ThresholdPath.student(new double[0]));
  }
}
