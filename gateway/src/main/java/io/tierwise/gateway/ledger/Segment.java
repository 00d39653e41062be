package io.tierwise.gateway.ledger;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One segment of a ledger: plain while it is written to, perhaps compressed after that, under the
 * same number. While it changes from one form to the other both may be there, each whole.
 */
record Segment(Path directory, int number) implements Comparable<Segment> {
  static final String PLAIN = ".log";
  static final String COMPRESSED = ".log.gz";

  /** A segment as it was found, ready to be read. */
  record Open(Segment segment, Path file, SegmentBytes bytes) {}

  Path plain() {
    return named(PLAIN);
  }

  Path compressed() {
    return named(COMPRESSED);
  }

  /** Where its figures are kept once it is closed. */
  Path summary() {
    return named(".summary.json");
  }

  Segment next() {
    return new Segment(directory, number + 1);
  }

  private Path named(String ending) {
    return directory.resolve(String.format(Locale.ROOT, "ledger-%08d%s", number, ending));
  }

  /** The form it has now; plain when it has both. */
  Path file() {
    return Files.exists(plain()) || !Files.exists(compressed()) ? plain() : compressed();
  }

  /** Opens the form that is there; null when it has been removed. */
  @Nullable Open open(Consumer<Damage> report) throws IOException {
    try {
      FileChannel channel = FileChannel.open(plain(), StandardOpenOption.READ);
      return new Open(this, plain(), SegmentBytes.of(channel));
    } catch (NoSuchFileException e) {
      // Compressed meanwhile, or long ago: its other form was there before this one went.
    }
    try {
      byte[] content = CompressedSegment.read(compressed(), report);
      return new Open(this, compressed(), SegmentBytes.of(content));
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  @Override
  public int compareTo(Segment other) {
    return Integer.compare(number, other.number);
  }
}
