package io.tierwise.gateway.ledger;

import io.tierwise.router.testing.SampleEntries;
import java.nio.file.Path;

/** Records entries until it is killed and says the number of each once it is recorded. */
final class AppendingMain {
  private AppendingMain() {}

  public static void main(String[] arguments) {
    int first = Integer.parseInt(arguments[1]);
    try (SegmentLedger ledger = SegmentLedger.open(Path.of(arguments[0]), 100_000)) {
      for (int i = first; ; i++) {
        ledger.record(SampleEntries.escalated("r" + i));
        System.out.println(i);
      }
    }
  }
}
