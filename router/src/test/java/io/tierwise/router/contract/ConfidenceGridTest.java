package io.tierwise.router.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.tier.TierName;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ConfidenceGridTest {
  private static double threshold(Thresholds step, TierName tier) {
    return step.of(tier).orElseThrow().value();
  }

  private static double logOdds(double probability) {
    return Math.log(probability / (1 - probability));
  }

  @Test
  void inALineTheSecondIsAlongTheGridAndTheFirstIsSurerByTheLead() {
    List<Thresholds> alone = ConfidenceGrid.path().steps();
    List<Thresholds> line = ConfidenceGrid.line(2).steps();
    assertEquals(400, line.size());
    for (int i = 0; i < line.size(); i++) {
      double second = threshold(line.get(i), TierName.SECOND_STUDENT);
      assertEquals(threshold(alone.get(i), TierName.STUDENT), second);
      assertEquals(logOdds(second) + 2, logOdds(threshold(line.get(i), TierName.STUDENT)), 1e-6);
    }
    // The first's last: 0.05 / 0.95 · e² = 0.3889 to 1.
    assertEquals(0.99999, threshold(line.getFirst(), TierName.SECOND_STUDENT), 1e-12);
    assertEquals(0.05, threshold(line.getLast(), TierName.SECOND_STUDENT), 1e-12);
    assertEquals(0.2800046, threshold(line.getLast(), TierName.STUDENT), 1e-6);
  }

  @Test
  void refusesALeadThatIsNone() {
    assertEquals(
        "lead: -1.0 is below 0; give 0 or more",
        assertThrows(InvalidValueException.class, () -> ConfidenceGrid.line(-1)).getMessage());
    assertThrows(InvalidValueException.class, () -> ConfidenceGrid.line(Double.NaN));
    assertThrows(InvalidValueException.class, () -> ConfidenceGrid.line(Double.POSITIVE_INFINITY));
  }
}
