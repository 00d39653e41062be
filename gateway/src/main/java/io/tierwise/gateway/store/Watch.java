package io.tierwise.gateway.store;

import io.tierwise.router.contract.AuditMonitor;
import io.tierwise.router.contract.AuditSample;
import io.tierwise.router.contract.Certificate;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.contract.Thresholds;
import io.tierwise.router.tier.TierName;

/**
 * What the audits made under one certificate have shown so far: a pure fold over the audit log.
 *
 * @param monitor the evidence against the contract
 * @param answered audits in which a cheap tier's candidate passed its threshold
 * @param lost of these, the ones in which one that passed disagreed with the large model
 * @param repeated audits whose text the large model had answered before
 * @param contradicted of these, the ones in which it now answered otherwise: its disagreement with
 *     itself, which no student can go below
 * @param lastAudit the place in the log of the last audit folded
 */
public record Watch(
    AuditMonitor monitor,
    long answered,
    long lost,
    long repeated,
    long contradicted,
    long lastAudit) {

  /** A watch that has seen nothing; α is δ, the certificate's own error. */
  static Watch over(Contract contract) {
    return new Watch(AuditMonitor.starting(contract.epsilon(), contract.delta()), 0, 0, 0, 0, 0);
  }

  /** How many audits it has seen. */
  public long audits() {
    return monitor.audits();
  }

  /**
   * What a contract over the cheap tiers' answers says nothing about is no evidence for or against.
   */
  private static boolean counts(Contract contract, boolean passed) {
    return switch (contract.over()) {
      case ALL -> true;
      case ACCEPTED -> passed;
    };
  }

  Watch observe(AuditRow row, Certificate terms, long place) {
    Thresholds thresholds = terms.thresholds();
    AuditSample sample = row.sample();
    boolean passed = sample.covered(thresholds);
    boolean disagreed = sample.lost(thresholds);
    AuditSample.Scored remembered =
        row.referenceMissing() ? null : row.proposals().get(TierName.EXACT_CACHE);
    return new Watch(
        counts(terms.contract(), passed) ? monitor.observe(disagreed) : monitor,
        answered + (passed ? 1 : 0),
        lost + (disagreed ? 1 : 0),
        repeated + (remembered == null ? 0 : 1),
        contradicted + (remembered == null || remembered.agrees() ? 0 : 1),
        place);
  }
}
