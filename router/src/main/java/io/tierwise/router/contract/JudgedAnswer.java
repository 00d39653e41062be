package io.tierwise.router.contract;

import io.tierwise.router.confidence.Confidence;

/**
 * A request of which people said what is right, as the cheap tiers and the large model answered it.
 *
 * @param confidence of the cheap tiers' answer
 * @param right whether that is what people said
 * @param largeRight whether the large model's answer is
 */
public record JudgedAnswer(Confidence confidence, boolean right, boolean largeRight) {
  /** Whether it tells the two apart: one of them alone is right. */
  public boolean discordant() {
    return right != largeRight;
  }
}
