package io.tierwise.router.contract;

import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.tier.TierName;
import java.util.Map;

/**
 * One audited request: what every cheap tier proposed, and whether the large model said the same.
 *
 * <p>An audit that got no usable reference has proposals that do not agree: it counts as a loss
 * whenever a cheap tier passes.
 */
public record AuditSample(Map<TierName, Scored> proposals) {
  public AuditSample {
    proposals = Map.copyOf(proposals);
  }

  public static AuditSample student(Confidence confidence, boolean agrees) {
    return new AuditSample(Map.of(TierName.STUDENT, new Scored(confidence, agrees)));
  }

  /** The loss e: whether any cheap tier's proposal passes its threshold and disagrees. */
  public boolean lost(Thresholds thresholds) {
    return proposals.entrySet().stream()
        .anyMatch(proposal ->
            !proposal.getValue().agrees()
                && thresholds.pass(proposal.getKey(), proposal.getValue().confidence()));
  }

  /** Whether any cheap tier's proposal passes its threshold. */
  public boolean covered(Thresholds thresholds) {
    return proposals.entrySet().stream()
        .anyMatch(proposal -> thresholds.pass(proposal.getKey(), proposal.getValue().confidence()));
  }

  /** A proposal as of the audit. */
  public record Scored(Confidence confidence, boolean agrees) {}
}
