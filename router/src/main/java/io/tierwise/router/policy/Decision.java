package io.tierwise.router.policy;

import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.ledger.Receipt;
import io.tierwise.router.request.Answer;
import io.tierwise.router.tier.TierName;
import org.jspecify.annotations.Nullable;

/** How a request ended, with the numbers that decided it. */
public sealed interface Decision {
  Receipt receipt();

  /**
   * An answer.
   *
   * @param threshold what the confidence had to reach; null where no gate was asked
   * @param certificate what the answer stands under; null for the large model's own answers, now or
   *     cached, and for degraded ones
   * @param version the artifact or endpoint that made the answer
   * @param degraded outside the contract: no gate accepted it
   */
  record Answered(
      Answer answer,
      TierName tier,
      Confidence confidence,
      @Nullable Confidence threshold,
      @Nullable String certificate,
      String version,
      boolean degraded,
      Receipt receipt)
      implements Decision {}

  /** No answer. */
  record Refused(Refusal refusal, Receipt receipt) implements Decision {}
}
