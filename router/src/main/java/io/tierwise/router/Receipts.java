package io.tierwise.router;

import io.tierwise.router.contract.JudgedAttempt;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.ledger.Receipt;
import io.tierwise.router.policy.Decision;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.tier.Attempt;
import io.tierwise.router.tier.Reference;
import io.tierwise.router.tier.TierName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a decision leaves behind: its ledger entry, and the large model's answer if it gave one. */
public final class Receipts {
  private Receipts() {}

  /** What the ledger keeps of a decision. */
  public static LedgerEntry entry(InferenceRequest request, Decision decision, Instant at) {
    Receipt receipt = decision.receipt();
    Decision.Answered answered = decision instanceof Decision.Answered a ? a : null;
    Decision.Refused refused = decision instanceof Decision.Refused r ? r : null;
    return new LedgerEntry(
        request.context().id(),
        at,
        request.context().tenant().name(),
        request.task().name(),
        LedgerEntry.Purpose.SERVE,
        answered == null ? null : answered.tier(),
        refused == null ? null : refused.refusal().code(),
        answered == null ? null : answered.version(),
        answered == null ? null : answered.certificate(),
        lines(receipt.attempts()),
        receipt.cost(),
        receipt.counterfactual().cost(),
        receipt.counterfactual().estimated(),
        request.bytes(),
        receipt.audited(),
        answered != null && answered.degraded(),
        receipt.latency());
  }

  /** The entry of a large call made for an audit after its request was answered. */
  public static LedgerEntry audit(InferenceRequest request, JudgedAttempt large, Instant at) {
    return audit(request, large, List.of(large), at);
  }

  /**
   * The same where the audit took several calls.
   *
   * @param verdict what came of all of them, and what they cost together
   */
  public static LedgerEntry audit(
      InferenceRequest request, JudgedAttempt verdict, List<JudgedAttempt> calls, Instant at) {
    String version =
        verdict.attempt() instanceof Attempt.Proposed proposed ? proposed.version() : null;
    return new LedgerEntry(
        request.context().id(),
        at,
        request.context().tenant().name(),
        request.task().name(),
        LedgerEntry.Purpose.AUDIT,
        version == null ? null : TierName.LARGE,
        version == null ? "audit-unavailable" : null,
        version,
        null,
        lines(calls),
        verdict.cost(),
        verdict.cost(),
        false,
        request.bytes(),
        true,
        false,
        verdict.latency());
  }

  static Optional<Reference> reference(InferenceRequest request, Decision decision) {
    Receipt receipt = decision.receipt();
    for (JudgedAttempt judged : receipt.attempts()) {
      if (judged.tier() == TierName.LARGE
          && judged.attempt() instanceof Attempt.Proposed proposed) {
        return Optional.of(new Reference(request, proposed, receipt.audited()));
      }
    }
    return Optional.empty();
  }

  private static List<LedgerEntry.Line> lines(List<JudgedAttempt> attempts) {
    return switch (attempts.size()) {
      case 1 -> List.of(line(attempts.getFirst()));
      case 2 -> List.of(line(attempts.getFirst()), line(attempts.getLast()));
      default -> attempts.stream().map(Receipts::line).toList();
    };
  }

  private static LedgerEntry.Line line(JudgedAttempt judged) {
    Attempt.Proposed candidate = judged.attempt() instanceof Attempt.Proposed p ? p : null;
    Double confidence = candidate == null ? null : (Double) candidate.confidence().value();
    return new LedgerEntry.Line(
        judged.tier(),
        judged.verdict(),
        confidence,
        judged.attempt().usage(),
        judged.cost(),
        judged.latency(),
        candidate != null && candidate.shared());
  }
}
