package io.tierwise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.gateway.store.AnswerStore;
import io.tierwise.gateway.store.AuditSpool;
import io.tierwise.gateway.store.CorpusStore;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.store.SemanticEntry;
import io.tierwise.gateway.store.SemanticStore;
import io.tierwise.gateway.store.StoredAnswer;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.request.Distribution;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Tenant;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EraseTest {
  private static final Tenant ACME = new Tenant("acme");
  private static final Tenant GLOBEX = new Tenant("globex");
  private static final Label YES = new Label("yes");

  @TempDir private Path directory;

  private static void fill(Database database, CorpusStore corpus, Tenant tenant) {
    Duration day = Duration.ofDays(1);
    Distribution certain = Distribution.certain(YES);
    corpus.add(
        tenant, "desk", new Input.Text("secret of " + tenant), YES, certain, false, day, "r1");
    corpus.add(
        tenant, "mood", new Input.Text("secret of " + tenant), YES, certain, true, day, "r2");
    new AnswerStore(database, Clock.systemUTC())
        .put(
            "key of " + tenant,
            tenant,
            "desk",
            new StoredAnswer(YES, certain, Usage.NONE, "v1"),
            day);
    new SemanticStore(database, Clock.systemUTC(), corpus)
        .put(
            "key of " + tenant,
            scope(tenant),
            new SemanticEntry(
                "secret of " + tenant,
                new float[] {1, 0},
                new StoredAnswer(YES, certain, Usage.NONE, "v1").fields(),
                Confidence.FULL),
            day);
    new AuditSpool(database, Clock.systemUTC(), corpus)
        .add("desk", "request-" + tenant.name(), tenant, "secret of " + tenant);
  }

  private static SemanticStore.Scope scope(Tenant tenant) {
    return new SemanticStore.Scope(tenant, "desk", "basis");
  }

  @Test
  void forgetsWhatATenantHasSentAndNothingOfAnother() {
    Path file = directory.resolve("tierwise.yaml");
    StringWriter out = new StringWriter();
    assertEquals(0, Main.commandLine().execute("config", "init", file.toString()));
    Path data = directory.resolve("data");
    Clock clock = Clock.systemUTC();
    try (Database database = Database.open(data)) {
      CorpusStore corpus =
          CorpusStore.open(database, clock, CorpusStore.keyFile(data), new SecureRandom());
      fill(database, corpus, ACME);
      fill(database, corpus, GLOBEX);
    }

    assertEquals(
        0,
        Main.commandLine()
            .setOut(new PrintWriter(out, true))
            .execute("erase", "--tenant", "acme", "--config", file.toString()));

    assertTrue(
        out.toString()
            .contains(
                "acme: erased 2 rows of the corpus, 1 audits that waited, 1 cached answers, 1 of"
                    + " the"),
        out.toString());
    try (Database database = Database.open(data)) {
      CorpusStore corpus =
          CorpusStore.open(database, clock, CorpusStore.keyFile(data), new SecureRandom());
      assertEquals(0, corpus.deleteTenant(ACME));
      assertEquals(2, corpus.deleteTenant(GLOBEX));
      AnswerStore answers = new AnswerStore(database, clock);
      assertTrue(answers.get("key of " + ACME).isEmpty());
      assertTrue(answers.get("key of " + GLOBEX).isPresent());
      SemanticStore semantic = new SemanticStore(database, clock, corpus);
      assertTrue(semantic.get("key of " + ACME, scope(ACME)).isEmpty());
      assertTrue(semantic.get("key of " + GLOBEX, scope(GLOBEX)).isPresent());
      AuditSpool spool = new AuditSpool(database, clock, corpus);
      assertTrue(spool.message("desk", "request-acme").isEmpty());
      assertTrue(spool.message("desk", "request-globex").isPresent());
    }
  }
}
