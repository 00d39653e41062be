package io.tierwise.gateway.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tierwise.gateway.testing.Entries;
import io.tierwise.router.contract.Verdict;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.tier.TierName;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerPastTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final int SMALL_SEGMENT = 2_000;

  @TempDir private Path directory;

  private static LedgerEntry entry(int number) {
    return Entries.served(
        NOW.plus(Duration.ofHours(number)),
        number,
        TierName.LARGE,
        "0.01",
        Entries.line(TierName.LARGE, Verdict.ACCEPTED, 1.0, "0.01"));
  }

  private static List<Integer> numbers(List<LedgerEntry> entries) {
    return entries.stream()
        .map(entry -> (int) Duration.between(NOW, entry.at()).toHours())
        .sorted()
        .toList();
  }

  @Test
  void aFollowerAndWhatWasBeforeItHaveEveryEntryOnce() {
    try (SegmentLedger ledger = SegmentLedger.open(directory, SMALL_SEGMENT)) {
      for (int i = 0; i < 20; i++) {
        ledger.record(entry(i));
      }
      List<LedgerEntry> followed = new ArrayList<>();
      LedgerPast past = ledger.follow(followed::add);
      for (int i = 20; i < 40; i++) {
        ledger.record(entry(i));
      }
      List<LedgerEntry> before = new ArrayList<>();
      List<String> pace = new ArrayList<>();
      past.read(Instant.EPOCH, before::add, (read, of) -> pace.add(read + "/" + of), () -> false);

      assertEquals(IntStream.range(0, 20).boxed().toList(), numbers(before));
      assertEquals(20, numbers(followed).getFirst());
      assertEquals(20, followed.size());
      assertEquals(entry(18), before.getFirst(), "the segment that is written comes first");
      assertEquals("0/7", pace.getFirst());
      assertEquals("7/7", pace.getLast());
    }
  }

  @Test
  void leavesOutSegmentsThatAreOlderAndTheRestWhenItIsEnough() {
    try (SegmentLedger ledger = SegmentLedger.open(directory, SMALL_SEGMENT)) {
      for (int i = 0; i < 20; i++) {
        ledger.record(entry(i));
      }
      LedgerPast past = ledger.follow(each -> {});
      List<LedgerEntry> recent = new ArrayList<>();
      past.read(entry(15).at(), recent::add, (read, of) -> {}, () -> false);
      assertEquals(15, numbers(recent).getFirst());
      List<LedgerEntry> little = new ArrayList<>();
      past.read(Instant.EPOCH, little::add, (read, of) -> {}, () -> true);
      assertEquals(18, numbers(little).getFirst());
    }
  }

  @Test
  void findsARequestWithItsAuditBySearchingAroundItsTime() {
    try (SegmentLedger ledger = SegmentLedger.open(directory, SMALL_SEGMENT)) {
      for (int i = 0; i < 20; i++) {
        ledger.record(entry(i));
      }
    }
    LedgerSearch search = new LedgerSearch(directory);
    for (int i = 0; i < 20; i++) {
      assertEquals(List.of(entry(i)), search.entries(entry(i).requestId()));
    }
    assertEquals(List.of(), search.entries(Entries.id(NOW, 7)));
    assertEquals(List.of(), search.entries("' OR 1=1"));
    assertEquals(List.of(), search.entries("0".repeat(36)));
  }
}
