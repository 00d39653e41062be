package io.tierwise.gateway.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tierwise.router.cost.LargeUsage;
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
}
