package io.tierwise.router.contract;

import io.tierwise.router.request.Answer;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.tier.Attempt;
import io.tierwise.router.tier.TierName;
import java.util.List;

/**
 * A request drawn for an audit, with the gate it met and what every cheap tier proposed when it was
 * answered.
 */
public sealed interface Audited {
  InferenceRequest request();

  Gate gate();

  List<JudgedAttempt> attempts();

  /** The large model answered the caller, so the audit is complete. */
  record Complete(
      InferenceRequest request, Gate gate, List<JudgedAttempt> attempts, Answer reference)
      implements Audited {}

  /** It did not: it is yet to be asked, off the caller's path. */
  record Pending(InferenceRequest request, Gate gate, List<JudgedAttempt> attempts)
      implements Audited {}

  static Audited of(InferenceRequest request, Gate gate, List<JudgedAttempt> attempts) {
    for (JudgedAttempt judged : attempts) {
      if (judged.tier() == TierName.LARGE
          && judged.attempt() instanceof Attempt.Proposed proposed) {
        return new Complete(request, gate, attempts, proposed.answer());
      }
    }
    return new Pending(request, gate, attempts);
  }
}
