package io.tierwise.router.ledger;

import java.io.UncheckedIOException;

/** Where receipts are kept. When {@link #record} returns, the write call has returned. */
@FunctionalInterface
public interface Ledger {
  /**
   * Keeps one entry.
   *
   * @throws UncheckedIOException when the entry could not be written; the answer must not leave
   */
  void record(LedgerEntry entry);
}
