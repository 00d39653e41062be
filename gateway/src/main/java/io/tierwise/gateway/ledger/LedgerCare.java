package io.tierwise.gateway.ledger;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Looks after the closed segments of a ledger; the one that is written to is never touched. */
final class LedgerCare {
  private static final System.Logger LOG = System.getLogger(LedgerCare.class.getName());

  private LedgerCare() {}

  /** Sums up and compresses what is not yet. */
  static void compress(List<Segment> closed) throws IOException {
    for (Segment segment : closed) {
      if (Files.exists(segment.plain())) {
        SegmentSummary.of(segment);
        CompressedSegment.replace(segment);
      }
    }
  }

  /**
   * Removes whole segments from the oldest on, up to the first that holds anything younger than
   * {@code retention}: so no gap ever arises that could be taken for a loss.
   */
  static void remove(List<Segment> closed, Duration retention, Instant now) throws IOException {
    Instant oldest = now.minus(retention);
    for (Segment segment : closed) {
      SegmentSummary summary = SegmentSummary.of(segment);
      Instant last =
          summary.last().isPresent()
              ? summary.last().get()
              : Files.getLastModifiedTime(segment.file()).toInstant();
      if (!last.isBefore(oldest)) {
        return;
      }
      Files.deleteIfExists(segment.plain());
      Files.deleteIfExists(segment.compressed());
      Files.deleteIfExists(segment.summary());
      Segments.forceDirectory(segment.directory());
      LOG.log(
          System.Logger.Level.INFO,
          "ledger: removed segment "
              + segment.number()
              + " with "
              + summary.entries()
              + " entries, the last of "
              + last
              + ": older than the "
              + retention.toDays()
              + " days that are kept");
    }
  }
}
