package io.tierwise.router.request;

/** Which tiers a caller lets answer. Only {@link #DEFAULT} traffic is under the contract. */
public enum RoutingPolicy {
  /** The cascade as configured. */
  DEFAULT,
  /** The large model alone. */
  LARGE_ONLY,
  /** The best cheap candidate, never the large model; marked degraded where no gate accepts it. */
  CHEAP_ONLY
}
