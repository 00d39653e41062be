package io.tierwise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.gateway.store.AuditRow;
import io.tierwise.gateway.store.AuditStore;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.store.GateStore;
import io.tierwise.gateway.store.WatchStore;
import io.tierwise.gateway.testing.MutableClock;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.AuditSample.Scored;
import io.tierwise.router.contract.Certificate;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.contract.Thresholds;
import io.tierwise.router.contract.Verdict;
import io.tierwise.router.cost.Money;
import io.tierwise.router.tier.TierName;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code tierwise distill winrouter --publish} for a chat whose watch has rung. */
class WinRouterCommandTest {
  private static final Instant RANG = Instant.parse("2026-03-01T12:00:00Z");

  @TempDir private Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private Path data() {
    return directory.resolve("data");
  }

  private void ring() {
    Contract contract = new Contract(0.05, 0.05);
    Confidence sure = new Confidence(0.9);
    Thresholds thresholds = new Thresholds(Map.of(TierName.WEAK, new Confidence(0.5)));
    MutableClock clock = new MutableClock(RANG);
    try (Database database = Database.open(data())) {
      GateStore gates = new GateStore(database, clock);
      AuditStore audits = new AuditStore(database, clock);
      String certificate =
          gates.keep(
              "assistant", "old", new Certificate(contract, 1, 0.025, 200, 2, 0.01, 1, thresholds));
      gates.open("assistant", "old", certificate, "test");
      for (int i = 0; i < 20; i++) {
        audits.keep(
            "assistant",
            new AuditRow(
                "r" + i,
                "old",
                certificate,
                Map.of(TierName.WEAK, new Scored(sure, false)),
                Map.of(TierName.WEAK, Verdict.ACCEPTED),
                false),
            Money.ZERO);
      }
      assertTrue(
          new WatchStore(database, gates, clock).look("assistant").alarm().isPresent(), "it rang");
    }
  }

  /** Both models are right in every other row. */
  private Path outcomes(String time) throws IOException {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      String what = i % 2 == 0 ? "a story of number " : "the sum of numbers to ";
      rows.append(
          "{\"prompt\":\"tell me %s%d\",\"strong_correct\":1,\"weak_correct\":%d%s}\n"
              .formatted(what, i, 1 - i % 2, time));
    }
    return Files.writeString(directory.resolve("outcomes.jsonl"), rows);
  }

  private int publish(String time) throws IOException {
    return Main.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(
            "distill",
            "winrouter",
            "--task",
            "assistant",
            "--data",
            outcomes(time).toString(),
            "--out",
            directory.resolve("router").toString(),
            "--publish",
            data().toString());
  }

  private int testsSpent() {
    try (Database database = Database.open(data())) {
      return new GateStore(database, new MutableClock(RANG)).testsSpent("assistant");
    }
  }

  @Test
  void outcomesFromBeforeAnAlarmCertifyNothingMore() throws IOException {
    ring();
    for (String time : new String[] {"", ",\"time\":\"2026-03-01T12:00:00Z\""}) {
      err.getBuffer().setLength(0);
      assertEquals(Main.REFUSED, publish(time));
      assertEquals(
          "tierwise: --publish: the watch of 'assistant' rang at 2026-03-01T12:00:00Z, and 60 of 60"
              + " outcomes do not say by their time that they are from since then; give only such"
              + " as do, or leave it out and let the audits since then certify the router:"
              + " 'tierwise distill publish --task assistant --artifact "
              + directory.resolve("router")
              + "' makes it live, and its gate opens once they do\n",
          err.toString());
    }
    assertFalse(Files.exists(directory.resolve("router")), "refused before the work");
    assertEquals(0, testsSpent());
  }

  @Test
  void outcomesFromAfterAnAlarmAreTested() throws IOException {
    ring();
    assertEquals(Main.REFUSED, publish(",\"time\":\"2026-03-01T12:00:01Z\""), err::toString);
    assertTrue(
        out.toString().contains("not certified (test 1)"), "18 are too few, and no more: " + out);
    assertEquals(1, testsSpent());
  }

  @Test
  void withoutAnAlarmOutcomesNeedNoTime() throws IOException {
    assertEquals(Main.REFUSED, publish(""), err::toString);
    assertTrue(out.toString().contains("not certified (test 1)"), out.toString());
  }
}
