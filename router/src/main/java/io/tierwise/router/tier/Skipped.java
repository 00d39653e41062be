package io.tierwise.router.tier;

/** A tier that was not tried, and why. */
public record Skipped(TierName tier, Reason reason) {
  /** Why a tier is left out. */
  public enum Reason {
    /** The caller's policy excludes it. */
    POLICY,
    /** The caller's cache control excludes it. */
    CACHE_CONTROL,
    /** Its candidates cannot pass: the gate is shut, or holds no threshold for it. */
    GATE,
    /** Trying it costs more than it is expected to spare: c ≥ p · (cost of what follows). */
    COST,
    /** It would not answer before the deadline. */
    DEADLINE
  }
}
