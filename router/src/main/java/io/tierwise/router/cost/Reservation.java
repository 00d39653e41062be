package io.tierwise.router.cost;

import io.tierwise.router.request.Tenant;
import java.time.Instant;

/** What asking a budget for the worst case of a request yields. */
public sealed interface Reservation {
  /** The amount is set aside until it is settled. */
  record Granted(Tenant tenant, Money amount, Instant at) implements Reservation {}

  /** The budget does not cover it. */
  record Exhausted(Tenant tenant, Instant resetsAt) implements Reservation {}
}
