package io.tierwise.router.contract;

import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.request.Answer;
import io.tierwise.router.tier.Attempt;
import io.tierwise.router.tier.TierName;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

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

  /** What a complete audit shows: the cheap tiers' proposals against the large model's answer. */
  public static AuditSample of(List<JudgedAttempt> attempts, Answer reference) {
    return scored(attempts, candidate -> !Answer.disagree(candidate, reference));
  }

  /** What an audit shows that got no usable reference. */
  public static AuditSample withoutReference(List<JudgedAttempt> attempts) {
    return scored(attempts, candidate -> false);
  }

  public static AuditSample student(Confidence confidence, boolean agrees) {
    return new AuditSample(Map.of(TierName.STUDENT, new Scored(confidence, agrees)));
  }

  private static AuditSample scored(List<JudgedAttempt> attempts, Predicate<Answer> agrees) {
    Map<TierName, Scored> proposals = new EnumMap<>(TierName.class);
    for (JudgedAttempt judged : attempts) {
      if (judged.tier() != TierName.LARGE
          && judged.attempt() instanceof Attempt.Proposed proposed) {
        boolean agree = agrees.test(proposed.answer());
        proposals.put(judged.tier(), new Scored(proposed.confidence(), agree));
      }
    }
    return new AuditSample(proposals);
  }

  /** The loss e: whether any cheap tier's proposal passes its threshold and disagrees. */
  public boolean lost(Thresholds thresholds) {
    return anyPasses(thresholds, proposal -> !proposal.agrees());
  }

  /** Whether any cheap tier's proposal passes its threshold. */
  public boolean covered(Thresholds thresholds) {
    return anyPasses(thresholds, proposal -> true);
  }

  private boolean anyPasses(Thresholds thresholds, Predicate<Scored> which) {
    for (Map.Entry<TierName, Scored> proposal : proposals.entrySet()) {
      if (which.test(proposal.getValue())
          && thresholds.pass(proposal.getKey(), proposal.getValue().confidence())) {
        return true;
      }
    }
    return false;
  }

  /** A proposal as of the audit. */
  public record Scored(Confidence confidence, boolean agrees) {}
}
