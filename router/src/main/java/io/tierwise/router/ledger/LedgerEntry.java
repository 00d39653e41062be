package io.tierwise.router.ledger;

import io.tierwise.router.contract.Verdict;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.tier.TierName;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The receipt of one request, or of one audit made for it later. Figures only: no text of the
 * request, no label of the answer.
 *
 * @param purpose why the money was spent
 * @param answeredBy the tier that answered; null when the request was refused
 * @param refusal why it was refused; null when it was answered
 * @param version the artifact or endpoint that answered; null when refused
 * @param certificate the certificate the answer stands under; null when none is needed or held
 * @param bytes size of the request
 * @param counterfactual what the large tier alone would have cost
 */
public record LedgerEntry(
    String requestId,
    Instant at,
    String tenant,
    String task,
    Purpose purpose,
    @Nullable TierName answeredBy,
    @Nullable String refusal,
    @Nullable String version,
    @Nullable String certificate,
    List<Line> lines,
    Money cost,
    Money counterfactual,
    boolean counterfactualEstimated,
    int bytes,
    boolean audited,
    boolean degraded,
    Duration latency) {
  /** The refusal of calls made for an audit whose answers nobody has seen. */
  public static final String ANSWER_LOST = "audit-answer-lost";

  public LedgerEntry {
    lines = List.copyOf(lines);
  }

  /**
   * The entry of calls that were begun for the same audit as this one's and whose maker ended
   * before it could say what came of them: at what this one has cost, which is for the same
   * question and so close to it, and marked as an estimate.
   */
  public LedgerEntry lostBefore(int calls) {
    List<Line> lost = Collections.nCopies(calls, lines.getLast().lost());
    return new LedgerEntry(
        requestId,
        at,
        tenant,
        task,
        purpose,
        null,
        ANSWER_LOST,
        null,
        null,
        lost,
        cost.times(calls),
        cost.times(calls),
        true,
        bytes,
        audited,
        degraded,
        Duration.ZERO);
  }

  /** Why money was spent. */
  public enum Purpose {
    /** To answer a caller. */
    SERVE,
    /** To learn the large model's answer for an audit. */
    AUDIT
  }

  /**
   * One attempt's figures.
   *
   * @param confidence null when there was no candidate
   * @param shared the answer is of a call that another request is charged for
   */
  public record Line(
      TierName tier,
      Verdict verdict,
      @Nullable Double confidence,
      Usage usage,
      Money cost,
      Duration latency,
      boolean shared) {
    public Line(
        TierName tier,
        Verdict verdict,
        @Nullable Double confidence,
        Usage usage,
        Money cost,
        Duration latency) {
      this(tier, verdict, confidence, usage, cost, latency, false);
    }

    private Line lost() {
      Usage like =
          new Usage(
              usage.requests(),
              usage.inputTokens(),
              usage.cachedInputTokens(),
              usage.outputTokens(),
              usage.compute(),
              true);
      return new Line(tier, Verdict.NO_CANDIDATE, null, like, cost, Duration.ZERO);
    }
  }
}
