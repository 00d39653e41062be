package io.tierwise.distill.report;

import io.tierwise.distill.parallel.Crew;
import io.tierwise.distill.parallel.Engine;
import io.tierwise.distill.parallel.Work;
import io.tierwise.gateway.ledger.LedgerPart;
import io.tierwise.gateway.report.DayRange;
import io.tierwise.gateway.report.LedgerReport;
import io.tierwise.router.ledger.Dimension;
import io.tierwise.router.ledger.LedgerEntry;
import java.io.IOException;
import java.io.Serial;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A ledger's report, segment by segment on an engine's workers, which see the same directory. All
 * sums are exact, so it is the report that one process makes, to the last byte.
 */
@SuppressWarnings("serial") // its list is a serializable one
public final class LedgerFold implements Work<LedgerPart, LedgerReport> {
  @Serial private static final long serialVersionUID = 1;

  private final List<Dimension> by;
  private final DayRange range;

  private LedgerFold(List<Dimension> by, DayRange range) {
    this.by = List.copyOf(by);
    this.range = range;
  }

  /**
   * @param ledger the directory of its segments
   */
  public static LedgerReport report(Engine engine, Path ledger, List<Dimension> by, DayRange range)
      throws IOException {
    LedgerReport report = LedgerReport.empty(by, range);
    List<LedgerPart> parts = LedgerPart.of(ledger.toAbsolutePath());
    if (parts.isEmpty()) {
      return report;
    }
    try (Crew<LedgerPart, LedgerReport> crew = engine.crew(new LedgerFold(by, range))) {
      crew.each(parts).forEach(done -> report.add(done.result()));
    }
    return report;
  }

  @Override
  public Worker<LedgerPart, LedgerReport> open() {
    return part -> {
      try (Stream<LedgerEntry> entries = part.read()) {
        return LedgerReport.of(by, range, entries);
      }
    };
  }
}
