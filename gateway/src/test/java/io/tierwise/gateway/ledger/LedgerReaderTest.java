package io.tierwise.gateway.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.testing.SampleEntries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerReaderTest {
  @TempDir private Path directory;

  @Test
  void readsNothingWhereThereIsNoLedger() {
    assertEquals(
        List.of(), LedgerFixture.requestIds(directory.resolve("missing"), new ArrayList<>()));
  }

  @Test
  void readsWhileTheWriterGoesOn() {
    try (SegmentLedger ledger = SegmentLedger.open(directory, 1_000);
        Stream<LedgerEntry> entries = readAfterTwo(ledger)) {
      Iterator<LedgerEntry> iterator = entries.iterator();
      assertEquals("r1", iterator.next().requestId());
      ledger.record(SampleEntries.refused("r3"));
      ledger.record(SampleEntries.refused("r4"));
      assertEquals("r2", iterator.next().requestId());
      ledger.record(SampleEntries.refused("r5"));
    }
    assertEquals(
        List.of("r1", "r2", "r3", "r4", "r5"),
        LedgerFixture.requestIds(directory, new ArrayList<>()));
  }

  @Test
  void leavesARecordUnderWayToTheNextReader() throws IOException {
    try (SegmentLedger ledger = SegmentLedger.open(directory)) {
      ledger.record(SampleEntries.refused("r1"));
    }
    byte[] frame = RecordFormat.frame(EntryCodec.encode(SampleEntries.refused("r2")));
    append(Arrays.copyOf(frame, frame.length / 2));
    List<Damage> damages = new ArrayList<>();
    assertEquals(List.of("r1"), LedgerFixture.requestIds(directory, damages));

    append(Arrays.copyOfRange(frame, frame.length / 2, frame.length));
    assertEquals(List.of("r1", "r2"), LedgerFixture.requestIds(directory, damages));
    assertEquals(List.of(), damages);
  }

  @Test
  void reportsWholeRecordsThatItCannotUnderstand() throws IOException {
    Path segment = Files.createFile(Segments.first(directory));
    List<String> payloads =
        List.of(
            "{\"format\":2}",
            "{\"format\":1}",
            "no json",
            new String(EntryCodec.encode(SampleEntries.audit("r1")), UTF_8)
                .replace("\"large\"", "\"huge\""));
    List<Integer> offsets = new ArrayList<>();
    for (String payload : payloads) {
      offsets.add((int) Files.size(segment));
      append(RecordFormat.frame(payload.getBytes(UTF_8)));
    }
    append(RecordFormat.frame(EntryCodec.encode(SampleEntries.audit("r2"))));

    List<Damage> damages = new ArrayList<>();
    assertEquals(List.of("r2"), LedgerFixture.requestIds(directory, damages));
    assertEquals(
        List.of(
            "its format is 2, and this Tierwise knows 1",
            "it lacks a field, or holds an unknown name",
            "it is no ledger entry",
            "it lacks a field, or holds an unknown name"),
        damages.stream().map(Damage::reason).toList());
    assertEquals(offsets, damages.stream().map(damage -> (int) damage.offset()).toList());
    assertEquals(
        segment + ": 20 bytes at offset 0 left out: its format is 2, and this Tierwise knows 1",
        damages.getFirst().toString());
  }

  private static Stream<LedgerEntry> readAfterTwo(SegmentLedger ledger) {
    ledger.record(SampleEntries.refused("r1"));
    ledger.record(SampleEntries.refused("r2"));
    return LedgerReader.read(ledger.recovery().segment().getParent());
  }

  private void append(byte[] bytes) throws IOException {
    Files.write(Segments.first(directory), bytes, StandardOpenOption.APPEND);
  }
}
