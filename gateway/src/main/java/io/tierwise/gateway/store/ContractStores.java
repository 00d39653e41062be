package io.tierwise.gateway.store;

import java.time.Clock;

/**
 * What is kept of the tasks' contracts: gates and certificates, audits and who makes them, and the
 * watch over them.
 */
public record ContractStores(
    GateStore gates,
    AuditLog audits,
    AuditHistory history,
    AuditClaims claims,
    WatchStore watches) {
  /** In the embedded store. */
  public static ContractStores embedded(Database database, Clock clock) {
    GateStore gates = new GateStore(database, clock);
    AuditStore audits = new AuditStore(database, clock);
    return new ContractStores(
        gates,
        audits,
        audits,
        new MemoryAuditClaims(audits, clock),
        new WatchStore(database, gates, clock));
  }
}
