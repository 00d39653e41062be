package io.tierwise.gateway.store;

import io.tierwise.router.contract.AuditMonitor;
import io.tierwise.router.contract.AuditSample;
import io.tierwise.router.contract.Certificate;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.contract.Thresholds;
import io.tierwise.router.tier.TierName;
import java.util.Map;

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

  /** What a store outside keeps, field by field. */
  public Map<String, String> fields() {
    return Map.ofEntries(
        Map.entry("epsilon", Double.toString(monitor.epsilon())),
        Map.entry("delta", Double.toString(monitor.alpha())),
        Map.entry("audits", Long.toString(monitor.audits())),
        Map.entry("bet", Double.toString(monitor.bet())),
        Map.entry("recentRisk", Double.toString(monitor.recentRisk())),
        Map.entry("rang", Boolean.toString(monitor.rang())),
        Map.entry("answered", Long.toString(answered)),
        Map.entry("lost", Long.toString(lost)),
        Map.entry("repeated", Long.toString(repeated)),
        Map.entry("contradicted", Long.toString(contradicted)),
        Map.entry("lastAudit", Long.toString(lastAudit)));
  }

  /** What such {@link #fields} say. */
  public static Watch of(Map<String, String> fields) {
    StoredFields all = new StoredFields("watch", fields);
    return new Watch(
        new AuditMonitor(
            all.real("epsilon"),
            all.real("delta"),
            all.count("audits"),
            all.real("bet"),
            all.real("recentRisk"),
            Boolean.parseBoolean(all.text("rang"))),
        all.count("answered"),
        all.count("lost"),
        all.count("repeated"),
        all.count("contradicted"),
        all.count("lastAudit"));
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
