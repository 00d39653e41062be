package io.tierwise.router.policy;

/** What to do when the large model may not, or cannot, be asked. */
public enum Fallback {
  /** Refuse, and say when to come back. */
  REJECT,
  /** Give the best cheap candidate, marked degraded and outside the contract. */
  CHEAP_ONLY
}
