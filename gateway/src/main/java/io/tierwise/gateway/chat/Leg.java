package io.tierwise.gateway.chat;

import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.tier.TierName;

/** One model to be asked, and how the router saw it. */
record Leg(TierName tier, ChatUpstream upstream, Opinion opinion) {
  static Leg strong(ChatUpstream upstream) {
    return new Leg(TierName.LARGE, upstream, Opinion.NONE);
  }

  static Leg weak(ChatUpstream upstream, Opinion opinion) {
    return new Leg(TierName.WEAK, upstream, opinion);
  }

  Confidence confidence() {
    return tier == TierName.LARGE ? Confidence.FULL : opinion.confidence();
  }
}
