package io.tierwise.router.testing;

import io.tierwise.router.ledger.Ledger;
import io.tierwise.router.ledger.LedgerEntry;
import java.util.ArrayList;
import java.util.List;

/** A ledger that is gone with the process. Thread-safe. */
public final class InMemoryLedger implements Ledger {
  private final List<LedgerEntry> entries = new ArrayList<>();

  @Override
  public synchronized void record(LedgerEntry entry) {
    entries.add(entry);
  }

  /** All entries, in the order they were recorded. */
  public synchronized List<LedgerEntry> entries() {
    return List.copyOf(entries);
  }
}
