package io.tierwise.router.cost;

import java.time.Instant;

/** What a claim yields. */
public sealed interface Reservation {
  /**
   * All of it is set aside until it is settled, or its lease ends.
   *
   * @param id the store's own, for settling
   * @param soft a soft limit is passed: cheap tiers are to be preferred
   */
  record Granted(String id, Claim claim, boolean soft) implements Reservation {}

  /**
   * A limit does not leave it, and nothing is set aside.
   *
   * @param limit the one that stands in the way longest
   * @param resetsAt when that begins anew
   */
  record Exhausted(Limit limit, Instant resetsAt) implements Reservation {}
}
