package io.tierwise.gateway;

import io.tierwise.router.contract.Audited;

/** Takes audits whose reference is still to be asked for, to be made by another process. */
@FunctionalInterface
public interface AuditQueue {
  /**
   * Returns when the audit is safe.
   *
   * @throws io.tierwise.gateway.store.StoreException when it could not be handed over
   */
  void enqueue(Audited.Pending pending);
}
