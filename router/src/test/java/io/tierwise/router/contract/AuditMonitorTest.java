package io.tierwise.router.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.router.InvalidValueException;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class AuditMonitorTest {
  private static AuditMonitor after(AuditMonitor monitor, boolean lost, int times) {
    AuditMonitor state = monitor;
    for (int i = 0; i < times; i++) {
      state = state.observe(lost);
    }
    return state;
  }

  @Test
  void startsWithOneUnitOfEvidenceAndASuspicionOfTwiceEpsilon() {
    AuditMonitor start = AuditMonitor.starting(0.1, 0.05);
    assertEquals(1, start.evidence());
    assertEquals(0.2, start.recentRisk());
    assertFalse(start.rang());
  }

  @Test
  void betsByTheFormulaOfItsDocumentation() {
    AuditMonitor start = AuditMonitor.starting(0.1, 0.05);
    // b_1 = (0.2 − 0.1)/(0.1 · 0.9) = 10/9, w_1 = 1/2: S_1 = 1/2 · (1 + 10/9 · 0.9) = 1
    AuditMonitor lost = start.observe(true);
    assertEquals(1, lost.bet(), 1e-15);
    assertEquals(1.5, lost.evidence(), 1e-15);
    assertEquals(0.2 + 0.8 / 50, lost.recentRisk(), 1e-15);
    // S_1 = 1/2 · (1 − 10/9 · 0.1) = 4/9
    AuditMonitor kept = start.observe(false);
    assertEquals(4.0 / 9, kept.bet(), 1e-15);
    assertEquals(4.0 / 9 + 0.5, kept.evidence(), 1e-15);
    assertEquals(0.2 - 0.2 / 50, kept.recentRisk(), 1e-15);
  }

  @Test
  void ringsAtOneInAlphaAndDoesNotUnring() {
    AuditMonitor state = AuditMonitor.starting(0.1, 0.05);
    int audits = 0;
    while (!state.rang()) {
      assertTrue(state.evidence() < 20);
      state = state.observe(true);
      audits++;
    }
    assertEquals(5, audits);
    assertTrue(state.evidence() >= 20);
    AuditMonitor calmed = after(state, false, 2_000);
    assertTrue(calmed.evidence() < 20);
    assertTrue(calmed.rang());
  }

  @Test
  void aCalmCostsNothingOnceTheRecentRiskIsBelowEpsilon() {
    AuditMonitor settled = after(AuditMonitor.starting(0.05, 0.05), false, 100);
    assertTrue(settled.recentRisk() < 0.05);
    assertEquals(settled.evidence(), after(settled, false, 100_000).evidence(), 1e-12);
  }

  @Test
  void stateStaysFiniteInSignWhateverComes() {
    AuditMonitor lost = after(AuditMonitor.starting(0.05, 0.05), true, 100_000);
    assertEquals(Double.POSITIVE_INFINITY, lost.evidence());
    assertEquals(Double.POSITIVE_INFINITY, after(lost, false, 1).evidence());
    AuditMonitor coarse = after(AuditMonitor.starting(0.9, 0.05), true, 1_000);
    assertTrue(coarse.evidence() > 0);
  }

  /**
   * With losses at rate ε exactly, evidence is a fair game: the bound on false alarms rests on it.
   */
  @Property
  void theExpectedEvidenceAfterOneMoreAuditAtEpsilonIsTheEvidenceNow(
      @ForAll @DoubleRange(min = 0.01, max = 0.99) double epsilon,
      @ForAll @Size(max = 300) List<Boolean> history) {
    AuditMonitor state = AuditMonitor.starting(epsilon, 0.05);
    for (boolean lost : history) {
      state = state.observe(lost);
    }
    double expected =
        epsilon * state.observe(true).evidence() + (1 - epsilon) * state.observe(false).evidence();
    assertEquals(state.evidence(), expected, 1e-9 * state.evidence());
    assertTrue(state.evidence() >= 0);
  }

  @Property
  void theSameAuditsGiveTheSameState(@ForAll @Size(max = 100) List<Boolean> history) {
    AuditMonitor one = AuditMonitor.starting(0.05, 0.05);
    AuditMonitor other = AuditMonitor.starting(0.05, 0.05);
    for (boolean lost : history) {
      one = one.observe(lost);
      other = other.observe(lost);
    }
    assertEquals(one, other);
  }

  @Test
  void refusesLevelsThatAreNone() {
    assertThrows(InvalidValueException.class, () -> AuditMonitor.starting(0, 0.05));
    assertThrows(InvalidValueException.class, () -> AuditMonitor.starting(0.05, 1));
  }
}
