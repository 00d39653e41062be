package io.tierwise.router.cost;

/**
 * All limits of tenants, teams and tasks. Atomic: concurrent requests cannot leak past a cap. What
 * no limit concerns is not limited.
 */
public interface Budgets {
  /** Sets a claim aside under every limit that concerns it, or under none. */
  Reservation reserve(Claim claim);

  /**
   * Replaces what was set aside by what the work really took, in the periods it was set aside in;
   * also after the lease has ended.
   */
  void settle(Reservation.Granted reservation, Money actual, long tokens);
}
