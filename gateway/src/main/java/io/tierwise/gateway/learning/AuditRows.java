package io.tierwise.gateway.learning;

import io.tierwise.gateway.store.AuditRow;
import io.tierwise.router.contract.AuditSample;
import io.tierwise.router.contract.Audited;
import io.tierwise.router.contract.JudgedAttempt;
import io.tierwise.router.contract.Verdict;
import io.tierwise.router.request.Answer;
import io.tierwise.router.tier.Attempt;
import io.tierwise.router.tier.TierName;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an audited request leaves in the audit log. */
final class AuditRows {
  private AuditRows() {}

  /**
   * @param reference the large model's answer; null when it gave no usable one
   */
  static AuditRow row(Audited audited, @Nullable Answer reference) {
    Map<TierName, AuditSample.Scored> proposals = new EnumMap<>(TierName.class);
    Map<TierName, Verdict> verdicts = new EnumMap<>(TierName.class);
    String artifact = null;
    for (JudgedAttempt judged : audited.attempts()) {
      if (judged.tier() == TierName.LARGE) {
        continue;
      }
      verdicts.put(judged.tier(), judged.verdict());
      if (judged.attempt() instanceof Attempt.Proposed proposed) {
        boolean agrees = reference != null && !Answer.disagree(proposed.answer(), reference);
        proposals.put(judged.tier(), new AuditSample.Scored(proposed.confidence(), agrees));
        artifact = judged.tier() == TierName.STUDENT ? proposed.version() : artifact;
      }
    }
    String id = audited.request().context().id();
    return new AuditRow(id, artifact, proposals, verdicts, reference == null);
  }
}
