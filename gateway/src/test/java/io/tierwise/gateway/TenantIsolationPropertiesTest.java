package io.tierwise.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.gateway.report.CsvReport;
import io.tierwise.gateway.report.DayRange;
import io.tierwise.gateway.report.FocusReport;
import io.tierwise.gateway.report.HtmlReport;
import io.tierwise.gateway.report.JsonReport;
import io.tierwise.gateway.report.LedgerReport;
import io.tierwise.gateway.report.ReportRenderer;
import io.tierwise.gateway.store.CorpusRow;
import io.tierwise.gateway.store.CorpusStore;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.store.KeyStore;
import io.tierwise.gateway.testing.RunningGateway;
import io.tierwise.gateway.testing.RunningGateway.Answer;
import io.tierwise.gateway.testing.RunningGateway.Setup;
import io.tierwise.gateway.testing.ScriptedUpstream;
import io.tierwise.gateway.testing.Students;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.Thresholds;
import io.tierwise.router.ledger.Dimension;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Tenant;
import io.tierwise.router.tier.TierName;
import io.tierwise.student.file.DurableFiles;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * Two tenants with secrets in their prompts ask at once, through every tier and with every request
 * audited. The large model answers by whose secret it reads, so an answer of the other's would
 * show.
 */
class TenantIsolationPropertiesTest {
  private static final int AT_ONCE = 4;
  private static final int WAVES = 6;

  /** A tenant, what only it knows, and what the large model says to who knows it. */
  private record Party(String name, String key, String secret, String label) {
    /**
     * Nearly the same words as the other's: the vectors lie close, and no guard tells them apart.
     */
    String text(int variant) {
      return "please tell me again where my parcel is today %s %s"
          .formatted(secret, "now ".repeat(variant));
    }
  }

  @Property(tries = 12)
  void noByteOfOneTenantEverReachesTheOther(@ForAll @IntRange(max = 1_000_000) int seed)
      throws Exception {
    Path folder = Files.createTempDirectory("tenants");
    Queue<String> logged = new ConcurrentLinkedQueue<>();
    Handler listening = listening(logged);
    Logger.getLogger("").addHandler(listening);
    try (RunningGateway running =
        new RunningGateway(folder, Setup.USUAL.withSemanticCache().auditRate(1))) {
      Random random = new Random(seed);
      Party acme = party(running, "acme", "refund", random);
      Party globex = party(running, "globex", "delivery", random);
      running.upstream.answeringBy(body ->
          ScriptedUpstream.answer(body.contains(acme.secret()) ? "refund" : "delivery", 20, 1));
      open(running);
      for (int wave = 0; wave < WAVES; wave++) {
        ask(running, List.of(acme, globex), random);
        running.gateway().refresh();
        if (random.nextInt(3) == 0) {
          running.gateway().forget(new Tenant("acme"), "support");
        }
      }
      String shared = shared(running, acme) + shared(running, globex);
      shared += reports(running.ledger(), List.of(acme, globex));
      running.server().close();
      running.gateway().close();
      tellsNobody(shared + logged, acme);
      tellsNobody(shared + logged, globex);
      keepsApart(running, List.of(acme, globex));
      onDisk(running.data, List.of(acme, globex));
    } finally {
      Logger.getLogger("").removeHandler(listening);
      DurableFiles.delete(folder);
    }
  }

  private static Party party(RunningGateway running, String name, String label, Random random) {
    StringBuilder secret = new StringBuilder();
    random.ints(20, 'a', 'z' + 1).forEach(secret::appendCodePoint);
    try (Database database = Database.open(running.data)) {
      String key =
          new KeyStore(database, running.clock, new SecureRandom())
              .add(new Tenant(name), "test")
              .secretKey();
      return new Party(name, key, secret.toString(), label);
    }
  }

  /** The student is never sure; whatever is half as near as the same text is near enough. */
  private static void open(RunningGateway running) {
    Students.open(
        running,
        Students.publish(running, 0.3, 0.4, 0.3),
        new Thresholds(
            Map.of(
                TierName.STUDENT, new Confidence(0.8),
                TierName.SEMANTIC_CACHE, new Confidence(0.5))));
    running.gateway().refresh();
  }

  /** Both ask at once, some of them the very same again. */
  private static void ask(RunningGateway running, List<Party> parties, Random random)
      throws Exception {
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Party> asking = new ArrayList<>();
      List<Future<Answer>> answers = new ArrayList<>();
      for (int i = 0; i < AT_ONCE; i++) {
        Party party = parties.get(random.nextInt(parties.size()));
        int variant = random.nextInt(3);
        asking.add(party);
        answers.add(callers.submit(() -> ask(running, party, party.text(variant))));
      }
      for (int i = 0; i < AT_ONCE; i++) {
        Answer answer = answers.get(i).get();
        Party party = asking.get(i);
        assertEquals(party.label(), answer.label(), answer.response().body());
        String all = answer.response().headers().map() + answer.response().body();
        for (Party other : parties) {
          assertFalse(all.contains(other.secret()), all);
        }
      }
    }
  }

  private static Answer ask(RunningGateway running, Party party, String text) {
    return send(
        running,
        party,
        "/v1/chat/completions",
        "{\"model\": \"support\", \"messages\": [{\"role\": \"user\", \"content\": \"%s\"}]}"
            .formatted(text));
  }

  private static Answer send(RunningGateway running, Party party, String path, String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(running.url() + path))
            .header("authorization", "Bearer " + party.key());
    return running.send(
        body.isEmpty() ? request : request.POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  /** Everything that a tenant may read beside its answers, and what reports are made from. */
  private static String shared(RunningGateway running, Party party) {
    StringBuilder all = new StringBuilder();
    for (String path :
        List.of("/metrics", "/v1/models", "/v1/tasks/support/contract", "/v2/models/support")) {
      all.append(send(running, party, path, "").response().body());
    }
    running.ledger().forEach(all::append);
    return all.toString();
  }

  /** Every report of every form; what it says of a tenant is what the tenant's own entries say. */
  private static String reports(List<LedgerEntry> ledger, List<Party> parties) {
    List<Dimension> byTenant = List.of(Dimension.TENANT);
    LedgerReport report = LedgerReport.of(byTenant, DayRange.ALL, ledger.stream());
    for (Party party : parties) {
      List<LedgerEntry> own =
          ledger.stream().filter(entry -> entry.tenant().equals(party.name())).toList();
      assertEquals(
          LedgerReport.of(byTenant, DayRange.ALL, own.stream()).costs().rows(),
          report.costs().rows().stream()
              .filter(row -> row.key().equals(List.of(party.name())))
              .toList());
    }
    LedgerReport whole =
        LedgerReport.of(List.of(Dimension.values()), DayRange.ALL, ledger.stream());
    return ReportRenderer.table(whole)
        + CsvReport.of(whole)
        + JsonReport.of(whole)
        + HtmlReport.of(whole)
        + FocusReport.of("finance", DayRange.ALL, ledger.stream());
  }

  private static void tellsNobody(String words, Party party) {
    assertFalse(words.contains(party.secret()), words);
  }

  /** What is kept of a tenant's requests is kept as that tenant's, audits included. */
  private static void keepsApart(RunningGateway running, List<Party> parties) {
    for (ScriptedUpstream.Call call : running.upstream.calls()) {
      long secrets = parties.stream().filter(each -> call.body().contains(each.secret())).count();
      assertEquals(1, secrets, call.body());
    }
    try (Database database = Database.open(running.data)) {
      CorpusStore corpus =
          CorpusStore.open(
              database, running.clock, CorpusStore.keyFile(running.data), new SecureRandom());
      List<CorpusRow> rows = new ArrayList<>(corpus.rows("support", true));
      rows.addAll(corpus.rows("support", false));
      assertFalse(rows.isEmpty());
      for (CorpusRow row : rows) {
        Party owner =
            parties.stream()
                .filter(each -> row.tenant().name().equals(each.name()))
                .findFirst()
                .orElseThrow();
        String text = row.input() instanceof Input.Text it ? it.value() : "";
        assertTrue(text.contains(owner.secret()), row.tenant() + " has " + text);
        assertEquals(owner.label(), row.label().value());
      }
    }
  }

  /** No secret can be read off the disk at all. */
  private static void onDisk(Path data, List<Party> parties) throws IOException {
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String bytes = new String(Files.readAllBytes(file), ISO_8859_1);
        for (Party party : parties) {
          assertFalse(
              bytes.contains(party.secret()), file + " holds " + party.name() + "'s secret");
        }
      }
    }
  }

  private static Handler listening(Queue<String> logged) {
    return new Handler() {
      @Override
      public void publish(LogRecord entry) {
        logged.add(entry.getMessage() + Arrays.toString(entry.getParameters()) + entry.getThrown());
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }
}
