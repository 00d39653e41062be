package io.tierwise.gateway.console;

import io.tierwise.router.tier.TierName;
import org.jspecify.annotations.Nullable;

/**
 * The gates that a request met. A task's tiers have one gate; a chat's semantic cache has another
 * one than its router.
 *
 * @param chat whether it was free text between models
 */
record GatesThen(GateThen gate, GateThen cache, boolean chat) {
  /** The one that a tier's candidates met; of no tier, that of the models. */
  GateThen of(@Nullable TierName tier) {
    return tier == TierName.SEMANTIC_CACHE ? cache : gate;
  }
}
