package io.tierwise.gateway.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tierwise.router.cost.LargeUsage;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.testing.SampleEntries;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class UsageByTaskTest {
  @Test
  void knowsNothingOfAnEmptyLedger() {
    assertEquals(Map.of(), UsageByTask.of(Stream.of()));
  }

  @Test
  void countsWhatTheLargeModelAnsweredToCallersAndNothingElse() {
    assertEquals(
        Map.of("triage", new LargeUsage(2, 2_468, 1_800, 14, 620_000_000)),
        UsageByTask.of(
            Stream.concat(SampleEntries.all().stream(), Stream.of(SampleEntries.escalated("r4")))));
  }

  @Test
  void learnsOfASharedCallOnlyWhereItIsCharged() {
    LedgerEntry charged = SampleEntries.escalated("r1");
    LedgerEntry follower = withSharedLines(charged);
    assertEquals(UsageByTask.of(Stream.of(charged)), UsageByTask.of(Stream.of(charged, follower)));
  }

  private static LedgerEntry withSharedLines(LedgerEntry entry) {
    return new LedgerEntry(
        entry.requestId() + "b",
        entry.at(),
        entry.tenant(),
        entry.task(),
        entry.purpose(),
        entry.answeredBy(),
        entry.refusal(),
        entry.version(),
        entry.certificate(),
        entry.lines().stream()
            .map(line ->
                new LedgerEntry.Line(
                    line.tier(),
                    line.verdict(),
                    line.confidence(),
                    Usage.NONE,
                    Money.ZERO,
                    line.latency(),
                    true))
            .toList(),
        Money.ZERO,
        entry.counterfactual(),
        entry.counterfactualEstimated(),
        entry.bytes(),
        entry.audited(),
        entry.degraded(),
        entry.latency());
  }
}
