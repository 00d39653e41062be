package io.tierwise.gateway.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tierwise.gateway.testing.Entries;
import io.tierwise.gateway.testing.MutableClock;
import io.tierwise.router.contract.Verdict;
import io.tierwise.router.cost.Money;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.tier.TierName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RollingFiguresTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:30:00Z");

  private final MutableClock clock = new MutableClock(NOW);
  private final RollingFigures figures = new RollingFigures(clock);

  private static LedgerEntry student(Instant at, int number) {
    return Entries.served(
        at,
        number,
        TierName.STUDENT,
        "0.01",
        Entries.line(TierName.STUDENT, Verdict.ACCEPTED, 0.9, "0.001"));
  }

  @Test
  void sumsByHourForTwoDaysAndByDayForThreeMonths() {
    figures.add(student(NOW.minus(Duration.ofDays(80)), 1));
    figures.add(student(NOW.minus(Duration.ofHours(49)), 2));
    figures.add(student(NOW.minus(Duration.ofHours(2)), 3));
    figures.add(student(NOW, 4));
    figures.add(Entries.served(NOW, 5, null, "0"));

    RollingFigures.View hours = figures.view(Span.HOURS_48);
    assertEquals(
        List.of(Instant.parse("2026-03-01T10:00:00Z"), Instant.parse("2026-03-01T12:00:00Z")),
        List.copyOf(hours.slots().keySet()));
    assertEquals(Map.of("student", 2L, "refused", 1L), hours.total().tiers());
    assertEquals(Money.of("0.018"), hours.total().total().saved());
    assertEquals(4, figures.view(Span.DAYS_30).total().total().requests());
    assertEquals(5, figures.view(Span.DAYS_90).total().total().requests());
    assertEquals(3, figures.view(Span.DAYS_90).slots().size());
  }

  @Test
  void leavesOutWhatIsOlderAndForgetsWhatHasGrownOlder() {
    figures.add(student(NOW.minus(Duration.ofDays(90)), 1));
    assertEquals(0, figures.view(Span.DAYS_90).total().total().requests());

    figures.add(student(NOW, 2));
    clock.advance(Duration.ofDays(90));
    figures.add(student(clock.instant(), 3));
    assertEquals(1, figures.view(Span.DAYS_90).total().total().requests());
    assertEquals(1, figures.view(Span.HOURS_48).total().total().requests());
  }

  @Test
  void keepsTheLatestRequestsInWhateverOrderTheyCome() {
    List<LedgerEntry> entries = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      entries.add(student(NOW.minus(Duration.ofMinutes(i)), i));
    }
    entries.subList(75, 150).forEach(figures::add);
    entries.subList(0, 75).forEach(figures::add);
    assertEquals(entries.subList(0, 100), figures.latest());
  }

  @Test
  void aQuantileIsAtMostNineHundredthsTooLongAndNeverLongerThanTheLongest() {
    Latencies latencies = new Latencies();
    for (int millis = 1; millis <= 1000; millis++) {
      latencies.add(Duration.ofMillis(millis));
    }
    assertEquals(1000, latencies.count());
    assertEquals(Duration.ofSeconds(1), latencies.longest());
    assertEquals(Duration.ofNanos(524_288_000), latencies.quantile(0.5));
    assertEquals(Duration.ofSeconds(1), latencies.quantile(1));
    assertEquals(Duration.ZERO, new Latencies().quantile(0.5));
  }
}
