package io.tierwise.aws.ledger;

import io.tierwise.gateway.ledger.EntryLine;
import io.tierwise.router.ledger.Ledger;
import io.tierwise.router.ledger.LedgerEntry;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;

/**
 * The ledger as log lines: one JSON object on one line for each entry, marked so that a
 * subscription filter finds it. The line is written before the answer leaves.
 */
public final class LogLedger implements Ledger {
  private final PrintStream out;

  public LogLedger(PrintStream out) {
    this.out = out;
  }

  @Override
  public void record(LedgerEntry entry) {
    String line = EntryLine.encode(entry) + "\n";
    synchronized (out) {
      out.print(line);
      out.flush();
      if (out.checkError()) {
        throw new UncheckedIOException(new IOException("the ledger's line could not be written"));
      }
    }
  }
}
