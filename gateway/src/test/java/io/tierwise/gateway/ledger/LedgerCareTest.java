package io.tierwise.gateway.ledger;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.router.cost.LargeUsage;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.testing.SampleEntries;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compression, retention, and a start that need not read everything. */
class LedgerCareTest {
  private static final Instant AT = Instant.parse("2026-03-01T12:00:00.123456789Z");
  private static final Duration FOREVER = Duration.ofDays(36_500);

  @TempDir private Path directory;

  /** One entry in each segment. */
  private SegmentLedger ledger(String... requestIds) {
    SegmentLedger ledger = SegmentLedger.open(directory, 1);
    for (String id : requestIds) {
      ledger.record(SampleEntries.escalated(id));
    }
    return ledger;
  }

  private Segment segment(int number) {
    return new Segment(directory, number);
  }

  private List<String> files(String ending) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(Segments::name).filter(name -> name.endsWith(ending)).sorted().toList();
    }
  }

  private static List<String> ids(int count) {
    return IntStream.range(0, count).mapToObj(i -> "r" + i).toList();
  }

  @Test
  void readsCompressedSegmentsLikePlainOnes() throws IOException {
    List<LedgerEntry> before;
    byte[] plain;
    List<Damage> damages = new ArrayList<>();
    try (SegmentLedger ledger = ledger("r1", "r2", "r3")) {
      plain = Files.readAllBytes(segment(1).plain());
      before = LedgerFixture.entries(directory, damages);
      ledger.tend(true, FOREVER, AT);
      ledger.tend(true, FOREVER, AT);
      assertEquals(before, LedgerFixture.entries(directory, damages));
      ledger.record(SampleEntries.refused("r4"));
    }
    assertEquals(List.of("ledger-00000001.log.gz", "ledger-00000002.log.gz"), files(".gz"));
    assertEquals(List.of("ledger-00000003.log", "ledger-00000004.log"), files(".log"));
    assertEquals(List.of("r1", "r2", "r3", "r4"), LedgerFixture.requestIds(directory, damages));
    assertEquals(List.of(), damages);
    try (InputStream gzip = new GZIPInputStream(Files.newInputStream(segment(1).compressed()))) {
      assertArrayEquals(plain, gzip.readAllBytes());
    }
  }

  @Test
  void leavesClosedSegmentsPlainWhereThatIsWanted() throws IOException {
    try (SegmentLedger ledger = ledger("r1", "r2")) {
      ledger.tend(false, FOREVER, AT);
    }
    assertEquals(List.of("ledger-00000001.log", "ledger-00000002.log"), files(".log"));
  }

  @Test
  void countsEntriesOnceWhereverACompressionWasCutShort() throws IOException {
    ledger("r1", "r2").close();
    byte[] plain = Files.readAllBytes(segment(1).plain());
    Path unfinished = directory.resolve("ledger-00000001.log.gz.tmp");
    Files.write(unfinished, new byte[] {31, -117, 8});
    List<Damage> damages = new ArrayList<>();
    assertEquals(List.of("r1", "r2"), LedgerFixture.requestIds(directory, damages));

    try (SegmentLedger ledger = ledger()) {
      ledger.tend(true, FOREVER, AT);
    }
    assertFalse(Files.exists(unfinished));
    Files.write(segment(1).plain(), plain);
    assertEquals(List.of("r1", "r2"), LedgerFixture.requestIds(directory, damages));
    try (SegmentLedger ledger = ledger()) {
      ledger.tend(true, FOREVER, AT);
    }
    assertFalse(Files.exists(segment(1).plain()));
    assertEquals(List.of("r1", "r2"), LedgerFixture.requestIds(directory, damages));
    assertEquals(List.of(), damages);
  }

  @Test
  void aReaderGoesOnWhileSegmentsAreCompressedBeneathIt() {
    List<Damage> damages = new ArrayList<>();
    try (SegmentLedger ledger = ledger("r1", "r2", "r3");
        Stream<LedgerEntry> entries = LedgerReader.read(directory, damages::add)) {
      Iterator<LedgerEntry> iterator = entries.iterator();
      assertEquals("r1", iterator.next().requestId());
      ledger.tend(true, FOREVER, AT);
      assertEquals("r2", iterator.next().requestId());
      ledger.record(SampleEntries.refused("r4"));
      assertEquals("r3", iterator.next().requestId());
      assertFalse(iterator.hasNext());
    }
    assertEquals(List.of(), damages);
  }

  @Test
  void reportsATornCompressedSegmentAndReadsTheRest() throws IOException {
    compressed();
    byte[] packed = Files.readAllBytes(segment(1).compressed());
    for (int kept = 0; kept < packed.length; kept += 97) {
      Files.write(segment(1).compressed(), Arrays.copyOf(packed, kept));
      List<Damage> damages = new ArrayList<>();
      List<String> read = LedgerFixture.requestIds(directory, damages);

      assertEquals("last", read.getLast());
      assertEquals(ids(read.size() - 1), read.subList(0, read.size() - 1));
      boolean betweenMembers = kept == 0 || damages.isEmpty();
      assertTrue(betweenMembers || read.size() < 1_001, kept + " of " + packed.length);
      if (!damages.isEmpty()) {
        assertEquals("it cannot be decompressed", damages.getFirst().reason());
      }
    }
  }

  @Test
  void aFlippedBitInACompressedSegmentCostsOneMemberAtMostAndIsReported() throws IOException {
    compressed();
    byte[] packed = Files.readAllBytes(segment(1).compressed());
    for (int at = 0; at < packed.length; at += 101) {
      packed[at] ^= 0x10;
      Files.write(segment(1).compressed(), packed);
      packed[at] ^= 0x10;
      List<Damage> damages = new ArrayList<>();
      List<String> read = LedgerFixture.requestIds(directory, damages);

      assertEquals("it cannot be decompressed", damages.getFirst().reason());
      assertEquals("last", read.getLast());
      // A member holds 262144 bytes, and these entries take more than 1000 each.
      assertTrue(read.size() >= 1_001 - 264, read.size() + " read");
    }
  }

  /** A thousand entries in one compressed segment, and one after it. */
  private void compressed() throws IOException {
    try (SegmentLedger ledger = SegmentLedger.open(directory, 64 << 20)) {
      ids(1_000).forEach(id -> ledger.record(LedgerFixture.ofBytes(id, 1_000)));
      ledger.rotateAt(1);
      ledger.record(LedgerFixture.ofBytes("last", 1));
      ledger.tend(true, FOREVER, AT);
    }
    assertTrue(Files.exists(segment(1).compressed()));
  }

  @Test
  void removesWholeClosedSegmentsThatAreOlderThanTheRetention() throws IOException {
    try (SegmentLedger ledger = SegmentLedger.open(directory, 1)) {
      ledger.record(LedgerFixture.ofBytes("from 1970", 1));
      ledger.record(SampleEntries.escalated("r2"));
      ledger.record(LedgerFixture.ofBytes("old, but after a young one", 1));
      ledger.record(LedgerFixture.ofBytes("old, but open", 1));
      ledger.tend(true, Duration.ofDays(400), AT);
      assertEquals(
          List.of("r2", "old, but after a young one", "old, but open"),
          LedgerFixture.requestIds(directory, new ArrayList<>()));

      ledger.tend(true, Duration.ofDays(1), AT.plus(Duration.ofDays(2)));
    }
    List<Damage> damages = new ArrayList<>();
    assertEquals(List.of("old, but open"), LedgerFixture.requestIds(directory, damages));
    assertEquals(List.of(), damages);
    assertEquals(List.of(), files(".summary.json"));
  }

  @Test
  void aReaderMissesNothingButWhatWasRemovedBeneathIt() {
    List<Damage> damages = new ArrayList<>();
    try (SegmentLedger ledger = ledger("r1", "r2", "r3");
        Stream<LedgerEntry> entries = LedgerReader.read(directory, damages::add)) {
      Iterator<LedgerEntry> iterator = entries.iterator();
      assertEquals("r1", iterator.next().requestId());
      ledger.tend(true, Duration.ofDays(1), AT.plus(Duration.ofDays(9)));
      assertEquals("r3", iterator.next().requestId());
    }
    assertEquals(List.of(), damages);
  }

  @Test
  void reportsASegmentThatIsMissingBetweenOthers() throws IOException {
    ledger("r1", "r2", "r3").close();
    Files.delete(segment(2).plain());
    List<Damage> damages = new ArrayList<>();
    assertEquals(List.of("r1", "r3"), LedgerFixture.requestIds(directory, damages));
    assertEquals(List.of(new Damage(segment(2).plain(), 0, 0, "the segment is missing")), damages);
  }

  @Test
  void aStartReadsOnlyTheSummariesOfWhatIsLongPast() throws IOException {
    Instant today = Instant.parse("2026-03-01T00:00:00Z");
    LargeUsage one = new LargeUsage(1, 1_234, 900, 7, 310_000_000);
    try (SegmentLedger ledger = ledger("r1", "r2", "r3")) {
      List<String> read = new ArrayList<>();
      Map<String, LargeUsage> usage = ledger.history(today, entry -> read.add(entry.requestId()));
      assertEquals(List.of("r1", "r2", "r3"), read);
      assertEquals(Map.of("triage", new LargeUsage(3, 3_702, 2_700, 21, 930_000_000)), usage);
      assertEquals(3 * one.bytes(), usage.get("triage").bytes());
    }
    // Whoever reads these finds nothing that it could read.
    Files.write(segment(1).plain(), new byte[1]);
    Files.write(segment(2).plain(), new byte[1]);
    try (SegmentLedger ledger = ledger()) {
      List<String> read = new ArrayList<>();
      Map<String, LargeUsage> usage =
          ledger.history(today.plus(Duration.ofDays(1)), entry -> read.add(entry.requestId()));
      assertEquals(List.of("r3"), read);
      assertEquals(Map.of("triage", new LargeUsage(3, 3_702, 2_700, 21, 930_000_000)), usage);
    }
  }

  @Test
  void makesASummaryAnewThatCannotBeRead() throws IOException {
    try (SegmentLedger ledger = ledger("r1", "r2")) {
      Map<String, LargeUsage> usage = ledger.history(Instant.MAX, entry -> {});
      for (String nothing : List.of("", "{}", "[1]", "{\"format\": 1, \"entries\": 1}", "\u0000")) {
        Files.writeString(segment(1).summary(), nothing);
        assertEquals(usage, ledger.history(Instant.MAX, entry -> {}));
      }
    }
  }

  @Test
  void writesANewSegmentWhereTheOpenOneWasLost() throws IOException {
    try (SegmentLedger ledger = ledger("r1", "r2")) {
      ledger.tend(true, FOREVER, AT);
    }
    Files.delete(segment(2).plain());
    ledger("r3").close();
    assertEquals(List.of("r1", "r3"), LedgerFixture.requestIds(directory, new ArrayList<>()));
  }
}
