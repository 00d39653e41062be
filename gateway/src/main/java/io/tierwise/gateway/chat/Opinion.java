package io.tierwise.gateway.chat;

import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.Gate;
import io.tierwise.router.tier.TierName;
import org.jspecify.annotations.Nullable;

/**
 * What is held of a cheap answer before it is given.
 *
 * @param accepted whether it may be given
 * @param confidence that it will do
 * @param threshold that it had to reach; null where none is in force
 * @param certificate what it would stand under; null where none is in force
 * @param artifact the version of what says so; null where nothing was asked
 * @param gate as it was then
 */
record Opinion(
    boolean accepted,
    Confidence confidence,
    @Nullable Confidence threshold,
    @Nullable String certificate,
    @Nullable String artifact,
    Gate gate) {
  static final Opinion NONE = none(new Gate.Shut("nobody was asked"));

  static Opinion none(Gate gate) {
    return new Opinion(false, Confidence.NONE, null, null, null, gate);
  }

  /** What a gate makes of a tier's confidence. */
  static Opinion of(TierName tier, Confidence confidence, String artifact, Gate gate) {
    return gate instanceof Gate.Open open
        ? new Opinion(
            open.thresholds().pass(tier, confidence),
            confidence,
            open.thresholds().of(tier).orElse(null),
            open.certificate(),
            artifact,
            gate)
        : new Opinion(false, confidence, null, null, artifact, gate);
  }
}
