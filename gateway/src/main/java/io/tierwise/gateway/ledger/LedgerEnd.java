package io.tierwise.gateway.ledger;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with the segment that a ledger is written to.
 *
 * @param records whole ones
 * @param torn the beginning of a record at the end; empty when it is whole, at most one
 * @param damage other bytes that are no record
 */
public record LedgerEnd(long records, List<Damage> torn, List<Damage> damage) {
  /** Looks at the last segment without changing it; all is well where there is none. */
  public static LedgerEnd of(Path directory) throws IOException {
    List<Segment> segments = Segments.in(directory);
    List<Damage> torn = new ArrayList<>();
    List<Damage> damage = new ArrayList<>();
    long records = 0;
    if (!segments.isEmpty()) {
      Path last = segments.getLast().plain();
      Segment.@Nullable Open open = segments.getLast().open(damage::add);
      try (SegmentBytes bytes = open == null ? SegmentBytes.of(new byte[0]) : open.bytes()) {
        SegmentScan scan = new SegmentScan(bytes);
        for (var part = scan.next(); part != null; part = scan.next()) {
          switch (part) {
            case SegmentScan.Part.Whole whole -> records++;
            case SegmentScan.Part.Gap gap ->
                damage.add(new Damage(last, gap.offset(), gap.bytes(), "no whole record"));
            case SegmentScan.Part.Tail tail ->
                torn.add(new Damage(last, tail.offset(), tail.bytes(), "an unfinished record"));
          }
        }
      }
    }
    return new LedgerEnd(records, List.copyOf(torn), List.copyOf(damage));
  }
}
