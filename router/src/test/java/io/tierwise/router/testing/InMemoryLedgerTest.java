package io.tierwise.router.testing;

import io.tierwise.router.ledger.Ledger;
import io.tierwise.router.ledger.LedgerEntry;
import java.util.List;

final class InMemoryLedgerTest extends LedgerContract {
  private final InMemoryLedger ledger = new InMemoryLedger();

  @Override
  protected Ledger ledger() {
    return ledger;
  }

  @Override
  protected List<LedgerEntry> readBack() {
    return ledger.entries();
  }
}
