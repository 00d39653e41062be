package io.tierwise.gateway.learning;

import io.tierwise.router.contract.Audited;

/** Takes audits to be made and kept by another process. */
@FunctionalInterface
public interface AuditQueue {
  /**
   * Returns when the audit is safe.
   *
   * @throws io.tierwise.gateway.store.StoreException when it could not be handed over
   */
  void enqueue(Audited audited);

  /** How large a message it takes, in bytes. */
  default int mostBytes() {
    return Integer.MAX_VALUE;
  }
}
