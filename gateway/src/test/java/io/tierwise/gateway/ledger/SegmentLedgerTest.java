package io.tierwise.gateway.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.gateway.testing.ChildProcess;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.testing.SampleEntries;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentLedgerTest {
  @TempDir private Path directory;

  @Test
  void cutsATornRecordAtWhateverByteItWasTorn() throws IOException {
    Path segment = Segments.first(directory);
    record(directory, "r1", "r2");
    byte[] kept = Files.readAllBytes(segment);
    byte[] torn = RecordFormat.frame(EntryCodec.encode(SampleEntries.refused("torn")));

    for (int length = 0; length < torn.length; length++) {
      Files.write(segment, kept);
      Files.write(segment, Arrays.copyOf(torn, length), StandardOpenOption.APPEND);

      Recovery recovery = record(directory, "r3");

      assertEquals(new Recovery(segment, kept.length, length), recovery);
      List<Damage> damages = new ArrayList<>();
      assertEquals(List.of("r1", "r2", "r3"), LedgerFixture.requestIds(directory, damages));
      assertEquals(List.of(), damages);
    }
  }

  @Test
  void cutsAnEndThatIsNotFromARecordAtAll() throws IOException {
    record(directory, "r1");
    long kept = Files.size(Segments.first(directory));
    Files.write(Segments.first(directory), new byte[100_000], StandardOpenOption.APPEND);

    Recovery recovery = record(directory, "r2");

    assertEquals(
        Segments.first(directory) + ": cut a torn record of 100000 bytes at offset " + kept,
        recovery.toString());
    assertEquals(List.of("r1", "r2"), LedgerFixture.requestIds(directory, new ArrayList<>()));
  }

  @Test
  void losesOneRecordToAFlippedBitAndSaysWhichWhereverItIs() throws IOException {
    record(directory, "r1");
    Path segment = Segments.first(directory);
    int from = (int) Files.size(segment);
    record(directory, "r2");
    int to = (int) Files.size(segment);
    record(directory, "r3");
    byte[] bytes = Files.readAllBytes(segment);

    for (int i = from; i < to; i++) {
      bytes[i] ^= 0x10;
      Files.write(segment, bytes);
      List<Damage> damages = new ArrayList<>();

      assertEquals(List.of("r1", "r3"), LedgerFixture.requestIds(directory, damages));
      assertEquals(
          List.of(new Damage(segment, from, to - from, "they hold no whole record")), damages);
      bytes[i] ^= 0x10;
    }

    bytes[from] ^= 0x10;
    Files.write(segment, bytes);
    assertEquals(0, record(directory, "r4").cutBytes());
    assertEquals(List.of("r1", "r3", "r4"), LedgerFixture.requestIds(directory, new ArrayList<>()));
  }

  @Test
  void reportsATornEndInASegmentThatIsNotTheLast() throws IOException {
    try (SegmentLedger ledger = SegmentLedger.open(directory, 1)) {
      ledger.record(SampleEntries.refused("r1"));
      ledger.record(SampleEntries.refused("r2"));
    }
    Path first = Segments.first(directory);
    byte[] bytes = Files.readAllBytes(first);
    Files.write(first, Arrays.copyOf(bytes, bytes.length - 1));
    List<Damage> damages = new ArrayList<>();

    assertEquals(List.of("r2"), LedgerFixture.requestIds(directory, damages));
    assertEquals(
        List.of(new Damage(first, 0, bytes.length - 1, "they hold no whole record")), damages);
  }

  @Test
  void startsANewSegmentWhenOneIsFull() throws IOException {
    List<String> ids = IntStream.range(0, 25).mapToObj(i -> "r" + i).toList();
    for (String id : ids) {
      record(directory, 2_000, id);
    }

    List<Path> segments = Segments.in(directory).stream().map(Segment::plain).toList();
    assertTrue(segments.size() > 5, segments.toString());
    assertEquals("ledger-00000001.log", Segments.name(segments.getFirst()));
    for (Path segment : segments) {
      assertTrue(Files.size(segment) <= 2_000);
    }
    assertEquals(ids, LedgerFixture.requestIds(directory, new ArrayList<>()));
  }

  @Test
  void refusesASecondWriterUntilTheFirstHasClosed() {
    try (SegmentLedger first = SegmentLedger.open(directory)) {
      InvalidValueException exception =
          assertThrows(InvalidValueException.class, () -> SegmentLedger.open(directory));
      assertEquals(
          "data: another gateway is writing the ledger in "
              + directory
              + "; stop it, or give this one a data directory of its own",
          exception.getMessage());
      first.record(SampleEntries.refused("r1"));
    }
    record(directory, "r2");
    assertEquals(List.of("r1", "r2"), LedgerFixture.requestIds(directory, new ArrayList<>()));
  }

  @Test
  void refusesAWriterWhileAnotherProcessWrites() throws Exception {
    try (ChildProcess child = ChildProcess.run(AppendingMain.class, directory.toString(), "0")) {
      assertEquals("0", child.line());
      assertThrows(InvalidValueException.class, () -> SegmentLedger.open(directory));
    }
    record(directory, "last");
  }

  @Test
  void losesNoAcknowledgedEntryWhenItsProcessIsKilled() throws Exception {
    int next = 0;
    for (int round = 0; round < 3; round++) {
      try (ChildProcess child =
          ChildProcess.run(AppendingMain.class, directory.toString(), Integer.toString(next))) {
        for (int i = 0; i < 400; i++) {
          assertEquals(next++, Integer.parseInt(child.line()));
        }
        child.kill();
        next += child.remainingLines().size();
      }
      List<Damage> damages = new ArrayList<>();
      SegmentLedger.open(directory).close();
      List<String> read = LedgerFixture.requestIds(directory, damages);

      assertEquals(List.of(), damages);
      // One entry may be recorded whose acknowledgement was never printed.
      assertTrue(read.size() == next || read.size() == next + 1, read.size() + " of " + next);
      assertEquals(IntStream.range(0, read.size()).mapToObj(i -> "r" + i).toList(), read);
      next = read.size();
    }
  }

  @Test
  void refusesWhatAFullDiskHasNoRoomForAndLosesNothingElse() throws Exception {
    List<String> said;
    try (ChildProcess child =
        ChildProcess.runWithFileLimit(128, FullDiskMain.class, directory.toString())) {
      said = child.remainingLines();
    }

    assertEquals(23, said.size());
    assertEquals("kept long0", said.getFirst());
    assertTrue(said.contains("refused long19"), said.toString());
    assertTrue(said.contains("kept short0"), said.toString());
    List<Damage> damages = new ArrayList<>();
    assertEquals(
        said.stream()
            .filter(line -> line.startsWith("kept "))
            .map(line -> line.substring(5))
            .toList(),
        LedgerFixture.requestIds(directory, damages));
    assertEquals(List.of(), damages);
    assertEquals(0, record(directory, "later").cutBytes());
  }

  @Test
  void goesOnAfterTheThreadThatRecordsWasInterrupted() throws InterruptedException {
    try (SegmentLedger ledger = SegmentLedger.open(directory)) {
      Thread thread =
          Thread.ofVirtual()
              .start(() -> {
                Thread.currentThread().interrupt();
                ledger.record(SampleEntries.refused("r1"));
              });
      thread.join();
      ledger.record(SampleEntries.refused("r2"));
    }
    assertEquals(List.of("r1", "r2"), LedgerFixture.requestIds(directory, new ArrayList<>()));
  }

  @Test
  void refusesToRecordOnceClosed() {
    SegmentLedger ledger = SegmentLedger.open(directory);
    ledger.record(SampleEntries.refused("r1"));
    ledger.close();
    ledger.close();

    assertThrows(UncheckedIOException.class, () -> ledger.record(SampleEntries.refused("r2")));
    assertEquals(List.of("r1"), LedgerFixture.requestIds(directory, new ArrayList<>()));
  }

  @Test
  void saysWhichDirectoryCannotBeOpened() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "no directory");
    UncheckedIOException exception =
        assertThrows(UncheckedIOException.class, () -> SegmentLedger.open(file));
    assertEquals("the ledger in " + file + " cannot be opened", exception.getMessage());
  }

  private static Recovery record(Path directory, String... requestIds) {
    return record(directory, 64 << 20, requestIds);
  }

  private static Recovery record(Path directory, int segmentBytes, String... requestIds) {
    try (SegmentLedger ledger = SegmentLedger.open(directory, segmentBytes)) {
      for (String id : requestIds) {
        ledger.record(SampleEntries.escalated(id));
      }
      return ledger.recovery();
    }
  }
}
