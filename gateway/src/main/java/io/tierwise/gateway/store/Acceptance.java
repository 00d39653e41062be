package io.tierwise.gateway.store;

import io.tierwise.router.contract.Gate;
import io.tierwise.router.contract.Verdict;
import io.tierwise.router.policy.AcceptanceRates;
import io.tierwise.router.tier.TierName;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * How often each cheap tier's candidate was accepted, or would have been. A tier that no audit
 * tried is not among the rates. One audit that accepted is counted beforehand, so that few audits
 * neither put a tier out of use nor ever show a rate of 0.
 */
public final class Acceptance {
  private Acceptance() {}

  /**
   * By the last audits under the certificate that a gate is open under; unknown while it is not.
   *
   * @param most how many audits are looked at
   */
  public static AcceptanceRates under(GateState state, AuditHistory audits, String task, int most) {
    return switch (state.gate()) {
      case Gate.Open open ->
          of(audits.recent(task, new AuditScope.Under(open.certificate()), state.since(), most));
      case Gate.Observe observe -> AcceptanceRates.UNKNOWN;
      case Gate.Shut shut -> AcceptanceRates.UNKNOWN;
    };
  }

  public static AcceptanceRates of(List<AuditRow> audits) {
    Map<TierName, Integer> tried = new EnumMap<>(TierName.class);
    Map<TierName, Integer> passed = new EnumMap<>(TierName.class);
    for (AuditRow row : audits) {
      row.verdicts()
          .forEach((tier, verdict) -> {
            tried.merge(tier, 1, Integer::sum);
            passed.merge(tier, passes(verdict) ? 1 : 0, Integer::sum);
          });
    }
    Map<TierName, Double> rates = new EnumMap<>(TierName.class);
    tried.forEach(
        (tier, count) -> rates.put(tier, (passed.getOrDefault(tier, 0) + 1.0) / (count + 1.0)));
    return new AcceptanceRates(rates);
  }

  private static boolean passes(Verdict verdict) {
    return switch (verdict) {
      case ACCEPTED, WOULD_ACCEPT -> true;
      case PASSED_ON, NO_CANDIDATE -> false;
    };
  }
}
