package io.tierwise.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.router.cost.Money;
import io.tierwise.router.tier.TierName;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class OutcomeTest {
  private static Outcome outcome(double disagreement, double accuracy) {
    return new Outcome(
        200,
        new TreeMap<>(Map.of(TierName.STUDENT, 150L, TierName.LARGE, 50L)),
        disagreement,
        0.05,
        true,
        accuracy,
        accuracy,
        Money.of("0.0000025"),
        Money.of("0.00001"),
        1.5);
  }

  @Test
  void writesTheAgreedFieldsInTheirOrder() {
    assertEquals(
        "{\"requests\":200,\"servedBy\":{\"student\":150,\"large\":50},\"disagreement\":0.04,"
            + "\"epsilon\":0.05,\"certified\":true,\"violation\":false,\"accuracy\":0.9,"
            + "\"largeAccuracy\":0.9,\"cost\":0.0000025,\"costAllLarge\":0.00001,"
            + "\"saving\":0.750000,\"trainSeconds\":1.5}",
        outcome(0.04, 0.9).toLine());
  }

  @Test
  void isAViolationOnlyAboveEpsilon() {
    assertFalse(outcome(0.05, 0.9).violation());
    assertTrue(outcome(0.0500001, 0.9).violation());
  }

  @Test
  void hasNoAccuracyWithoutHumanLabels() {
    assertTrue(outcome(0.04, Double.NaN).toJson().get("accuracy").isNull());
  }
}
