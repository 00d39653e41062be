package io.tierwise.router.contract;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.tier.TierName;
import java.util.Map;
import java.util.Optional;

/**
 * The least confidence at which each gated tier's candidate passes. A tier without a threshold
 * passes nothing. The exact cache needs none: its entries are the large model's own answers.
 */
public record Thresholds(Map<TierName, Confidence> byTier) {
  /** Passes exact hits only. */
  public static final Thresholds NONE = new Thresholds(Map.of());

  public Thresholds {
    byTier = Map.copyOf(byTier);
    for (TierName tier : byTier.keySet()) {
      if (tier == TierName.EXACT_CACHE || tier == TierName.LARGE) {
        throw new InvalidValueException(
            "thresholds." + tier, "its answers are the large model's own", "leave it out");
      }
    }
  }

  public static Thresholds student(Confidence threshold) {
    return new Thresholds(Map.of(TierName.STUDENT, threshold));
  }

  public Optional<Confidence> of(TierName tier) {
    return switch (tier) {
      case EXACT_CACHE, LARGE -> Optional.of(Confidence.NONE);
      case SEMANTIC_CACHE, STUDENT, SECOND_STUDENT, WEAK -> Optional.ofNullable(byTier.get(tier));
    };
  }

  public boolean pass(TierName tier, Confidence confidence) {
    return of(tier).filter(confidence::reaches).isPresent();
  }
}
