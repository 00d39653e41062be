package io.tierwise.router.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tierwise.router.ledger.Ledger;
import io.tierwise.router.ledger.LedgerEntry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every ledger holds to. Extend it with a test class per implementation. */
public abstract class LedgerContract {
  /** An empty ledger; called once per test. */
  protected abstract Ledger ledger() throws Exception;

  /** All that the last ledger made has recorded, as a reader sees it that comes after. */
  protected abstract List<LedgerEntry> readBack() throws Exception;

  @Test
  public void anEmptyLedgerReadsBackEmpty() throws Exception {
    ledger();
    assertEquals(List.of(), readBack());
  }

  @Test
  public void whatIsRecordedIsReadBackEqualAndInOrder() throws Exception {
    Ledger ledger = ledger();
    SampleEntries.all().forEach(ledger::record);
    assertEquals(SampleEntries.all(), readBack());
  }

  @Test
  public void anEntryCanBeReadAsSoonAsItsRecordingReturns() throws Exception {
    Ledger ledger = ledger();
    List<LedgerEntry> recorded = new ArrayList<>();
    for (LedgerEntry entry : SampleEntries.all()) {
      ledger.record(entry);
      recorded.add(entry);
      assertEquals(recorded, readBack());
    }
  }

  @Test
  public void manyThreadsLoseNothingAndKeepTheirOwnOrder() throws Exception {
    int threads = 8;
    int each = 250;
    Ledger ledger = ledger();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> writers = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        String writer = "writer" + thread + ".";
        writers.add(
            executor.submit(() -> {
              for (int i = 0; i < each; i++) {
                ledger.record(SampleEntries.escalated(writer + i));
              }
            }));
      }
      for (Future<?> writer : writers) {
        writer.get();
      }
    }
    List<LedgerEntry> read = readBack();
    assertEquals(threads * each, read.size());
    assertEquals(threads * each, new HashSet<>(read).size());
    for (int thread = 0; thread < threads; thread++) {
      String writer = "writer" + thread + ".";
      List<LedgerEntry> own =
          read.stream().filter(entry -> entry.requestId().startsWith(writer)).toList();
      for (int i = 0; i < each; i++) {
        assertEquals(SampleEntries.escalated(writer + i), own.get(i));
      }
    }
  }
}
