package io.tierwise.gateway.ledger;

import io.tierwise.router.ledger.Ledger;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.testing.LedgerContract;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.io.TempDir;

class SegmentLedgerContractTest extends LedgerContract {
  /** Small, so that the contract's entries spread over many. */
  private static final int SEGMENT_BYTES = 4_000;

  @TempDir private Path directory;
  private SegmentLedger ledger;

  @Override
  protected Ledger ledger() {
    ledger = SegmentLedger.open(directory, SEGMENT_BYTES);
    return ledger;
  }

  @Override
  protected List<LedgerEntry> readBack() {
    List<Damage> damages = new ArrayList<>();
    List<LedgerEntry> entries = LedgerFixture.entries(directory, damages);
    Assertions.assertEquals(List.of(), damages);
    return entries;
  }

  @AfterEach
  void close() {
    ledger.close();
  }
}
