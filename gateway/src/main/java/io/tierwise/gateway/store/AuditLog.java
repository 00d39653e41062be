package io.tierwise.gateway.store;

import io.tierwise.router.cost.Money;

/**
 * Where audits are kept, and what they cost. Trouble with the store is a {@link StoreException}.
 */
public interface AuditLog {
  /**
   * Keeps an audit, once for each request.
   *
   * @param cost what asking the large model has cost; charged whether or not the audit is new
   * @return false when the request's audit was kept before, so that this one changes nothing else
   */
  boolean keep(String task, AuditRow row, Money cost);

  /** Whether a request's audit was kept before. */
  boolean holds(String task, String requestId);

  /** Charges a call that no audit came of. */
  void charge(String task, Money cost);

  /** Keeps whether the large model said the same to a request when asked again. */
  void keepRepeat(String task, String requestId, boolean agrees);

  /** What a task's audits have cost today. */
  AuditSpending spentToday(String task);
}
