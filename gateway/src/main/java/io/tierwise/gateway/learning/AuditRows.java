package io.tierwise.gateway.learning;

import io.tierwise.gateway.store.AuditRow;
import io.tierwise.router.contract.AuditSample;
import io.tierwise.router.contract.Audited;
import io.tierwise.router.contract.Gate;
import io.tierwise.router.contract.JudgedAttempt;
import io.tierwise.router.contract.Verdict;
import io.tierwise.router.request.Answer;
import io.tierwise.router.tier.Attempt;
import io.tierwise.router.tier.TierName;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an audited request leaves in the audit log. */
public final class AuditRows {
  private AuditRows() {}

  /**
   * @param reference the large model's answer; null when it gave no usable one
   */
  public static AuditRow row(Audited audited, @Nullable Answer reference) {
    AuditSample sample =
        reference == null
            ? AuditSample.withoutReference(audited.attempts())
            : AuditSample.of(audited.attempts(), reference);
    Map<TierName, Verdict> verdicts = new EnumMap<>(TierName.class);
    String artifact = null;
    for (JudgedAttempt judged : audited.attempts()) {
      if (judged.tier() != TierName.LARGE) {
        verdicts.put(judged.tier(), judged.verdict());
      }
      if (certifiedFor(judged.tier(), audited)
          && judged.attempt() instanceof Attempt.Proposed proposed) {
        artifact = proposed.version();
      }
    }
    String id = audited.request().context().id();
    return new AuditRow(
        id,
        artifact,
        certificate(audited.gate()),
        sample.proposals(),
        verdicts,
        reference == null,
        reference instanceof Answer.Classified classified ? classified.label() : null);
  }

  /** A chat's cache is alone in its audits; a task's stands beside the student. */
  private static boolean certifiedFor(TierName tier, Audited audited) {
    return switch (tier) {
      case STUDENT, SECOND_STUDENT, WEAK -> true;
      case SEMANTIC_CACHE -> audited.attempts().size() == 1;
      case EXACT_CACHE, LARGE -> false;
    };
  }

  private static @Nullable String certificate(Gate gate) {
    return switch (gate) {
      case Gate.Open open -> open.certificate();
      case Gate.Observe observe -> null;
      case Gate.Shut shut -> null;
    };
  }
}
