package io.tierwise.gateway.ledger;

import io.tierwise.router.ledger.LedgerEntry;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A segment of a ledger, for whoever reads several at once, here or on another machine that sees
 * the same directory.
 *
 * @param last whether a record may be under way at its end
 */
public record LedgerPart(String directory, int number, boolean last) implements Serializable {
  /**
   * All of a ledger; a missing segment is logged.
   *
   * @throws UncheckedIOException when the directory cannot be read
   */
  public static List<LedgerPart> of(Path directory) {
    try {
      List<LedgerPart> parts = new ArrayList<>();
      List<Segment> segments = Segments.in(directory);
      for (Segment segment : segments) {
        int before = parts.isEmpty() ? segment.number() - 1 : parts.getLast().number();
        for (int missing = before + 1; missing < segment.number(); missing++) {
          Path file = new Segment(directory, missing).plain();
          LedgerReader.warn(new Damage(file, 0, 0, "the segment is missing"));
        }
        boolean last = segment.equals(segments.getLast());
        parts.add(new LedgerPart(directory.toString(), segment.number(), last));
      }
      return parts;
    } catch (IOException e) {
      throw new UncheckedIOException("the ledger in " + directory + " cannot be read", e);
    }
  }

  /** Its entries, lazily; damage is logged. Close the stream. */
  public Stream<LedgerEntry> read() {
    Segment segment = new Segment(Path.of(directory), number);
    return LedgerReader.read(List.of(segment), last ? segment : null, LedgerReader::warn);
  }
}
