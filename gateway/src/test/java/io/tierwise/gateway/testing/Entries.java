package io.tierwise.gateway.testing;

import io.tierwise.router.contract.Verdict;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.tier.TierName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Ledger entries for tests. */
public final class Entries {
  private Entries() {}

  /** A request id as the gateway makes it: its time is in it. */
  public static String id(Instant at, int number) {
    return new UUID((at.toEpochMilli() << 16) | 0x7000L, 0x8000_0000_0000_0000L | number)
        .toString();
  }

  public static LedgerEntry.Line line(
      TierName tier, Verdict verdict, @Nullable Double confidence, String cost) {
    return new LedgerEntry.Line(
        tier,
        verdict,
        confidence,
        Usage.call(Duration.ZERO),
        Money.of(cost),
        Duration.ofMillis(1),
        false);
  }

  /** A request of task {@code triage} with these attempts; its cost is theirs. */
  public static LedgerEntry served(
      Instant at, int number, @Nullable TierName tier, String allLarge, LedgerEntry.Line... lines) {
    return new LedgerEntry(
        id(at, number),
        at,
        "acme",
        "triage",
        LedgerEntry.Purpose.SERVE,
        tier,
        tier == null ? "large-unavailable" : null,
        tier == null ? null : "v1",
        null,
        List.of(lines),
        List.of(lines).stream().map(LedgerEntry.Line::cost).reduce(Money.ZERO, Money::plus),
        Money.of(allLarge),
        tier == TierName.STUDENT,
        80,
        false,
        false,
        Duration.ofMillis(10 + number));
  }
}
