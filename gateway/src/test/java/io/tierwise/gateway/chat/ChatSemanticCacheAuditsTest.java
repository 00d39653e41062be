package io.tierwise.gateway.chat;

import static io.tierwise.gateway.testing.ScriptedUpstream.answer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.tierwise.gateway.store.AuditRow;
import io.tierwise.gateway.store.Database;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.contract.Verdict;
import io.tierwise.router.cost.Money;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.tier.TierName;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The gate of a chat's semantic cache, and the audits that move it. */
final class ChatSemanticCacheAuditsTest extends CachedChatScene {
  @Test
  void anAuditInShadowAsksTheStrongModelAfreshAndComparesWhatWasKept() {
    start(1, LOOSE);
    scene.askWith("assistant", KEPT, ",\"temperature\":0");
    scene.gateway.gateway().refresh();
    // To the caller, and in the audit.
    scene.strong().then(answer("in the depot", 10, 2), answer("delivered", 10, 2));
    assertEquals("large", tier(scene.askWith("assistant", SIMILAR, ",\"temperature\":0")));
    LedgerEntry.Line line = served().lines().getFirst();
    assertEquals(TierName.SEMANTIC_CACHE, line.tier());
    assertEquals(Verdict.PASSED_ON, line.verdict());
    assertEquals(Money.of("0.0000002"), line.cost());
    scene.restart();

    assertEquals(3, scene.strong().calls().size());
    assertEquals(
        "{\"model\":\"big-chat\",\"messages\":[{\"role\":\"user\",\"content\":\""
            + SIMILAR
            + "\"}],\"temperature\":0}",
        scene.strong().calls().getLast().body());
    assertTrue(scene.weak.calls().isEmpty());
    List<LedgerEntry> audits =
        scene.ledger().stream()
            .filter(entry -> entry.purpose() == LedgerEntry.Purpose.AUDIT)
            .toList();
    assertEquals(1, audits.size());
    assertEquals(Money.of("0.0001"), audits.getFirst().cost());
    assertEquals("assistant", audits.getFirst().task());
    try (Database database = Database.open(scene.gateway.data)) {
      AuditRow row = rows(database).getFirst();
      assertEquals(1, rows(database).size());
      assertTrue(row.artifact().startsWith("cache-"), row.artifact());
      assertNull(row.certificate());
      assertFalse(row.proposals().get(TierName.SEMANTIC_CACHE).agrees());
      // Six words, all of them in the other text's seven.
      assertEquals(
          6 / Math.sqrt(42),
          row.proposals().get(TierName.SEMANTIC_CACHE).confidence().value(),
          1e-6);
    }
  }

  /** The strong model is asked whole, and says the same. */
  @Test
  void anAuditComparesWhatAKeptStreamSays() {
    start(1, LOOSE);
    streaming("stop");
    scene.askWith("assistant", KEPT, ",\"stream\":true");
    scene.gateway.gateway().refresh();
    assertEquals("large", tier(scene.askWith("assistant", SIMILAR, ",\"stream\":true")));
    scene.restart();
    try (Database database = Database.open(scene.gateway.data)) {
      AuditRow row = rows(database).getFirst();
      assertTrue(row.proposals().get(TierName.SEMANTIC_CACHE).agrees());
    }
    assertFalse(scene.strong().calls().getLast().body().contains("stream"));
  }

  /** Four times the six audits that can certify anything, all of them won. */
  @Test
  void auditsThatAgreeOpenItsGateAndThoseThatDisagreeShutItAgain() {
    start(1, LOOSE);
    keep(KEPT);
    assertEquals(24, 4 * new Contract(0.3, 0.3).fewestSamples(1));
    for (int asked = 0; asked < 23; asked++) {
      assertEquals("large", tier(scene.ask("assistant", SIMILAR)));
    }
    scene.restart();
    assertEquals("observe", contract().path("gate").textValue());
    scene.ask("assistant", SIMILAR);
    scene.restart();
    assertEquals("open", contract().path("gate").textValue());
    assertEquals(24, contract().path("certificate").path("samples").intValue());
    assertEquals("semantic-cache", tier(scene.ask("assistant", SIMILAR)));

    // The strong model says something else by now: what is kept is the wrong answer.
    scene.strong().otherwise(answer("delivered", 10, 2));
    for (int asked = 0; asked < 12; asked++) {
      scene.ask("assistant", SIMILAR);
    }
    scene.restart();
    assertEquals("shut", contract().path("gate").textValue());
    JsonNode alarm = contract().path("last_alarm");
    assertTrue(alarm.path("lost").intValue() > 1, alarm.toString());
    assertEquals("large", tier(scene.ask("assistant", SIMILAR)));
    scene.restart();
    assertEquals("shut", contract().path("gate").textValue());
  }
}
