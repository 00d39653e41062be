package io.tierwise.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.tierwise.gateway.config.TierwiseConfig;
import io.tierwise.gateway.config.TierwiseConfig.AuditConfig;
import io.tierwise.gateway.config.TierwiseConfig.TaskConfig;
import io.tierwise.gateway.store.AuditRow;
import io.tierwise.gateway.store.AuditStore;
import io.tierwise.gateway.store.CorpusStore;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.store.GateStore;
import io.tierwise.gateway.store.KeyStore;
import io.tierwise.gateway.store.Review;
import io.tierwise.gateway.store.ReviewStore;
import io.tierwise.gateway.store.SliceStore;
import io.tierwise.gateway.testing.RunningGateway;
import io.tierwise.gateway.testing.RunningGateway.Answer;
import io.tierwise.gateway.testing.RunningGateway.Setup;
import io.tierwise.gateway.testing.Students;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.AuditSample;
import io.tierwise.router.contract.Certificate;
import io.tierwise.router.contract.Certification;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.contract.Over;
import io.tierwise.router.contract.Thresholds;
import io.tierwise.router.contract.Verdict;
import io.tierwise.router.cost.Money;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Tenant;
import io.tierwise.router.tier.TierName;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A contract that is to hold for every tenant by itself, and what people say of the answers. */
class TenantContractsTest {
  private static final Contract CONTRACT = new Contract(0.05, 0.05, Over.ALL, true);

  @TempDir private Path folder;
  private RunningGateway running;
  private String version;
  private String globex;

  /** The own certificate of the default tenant is stricter than the whole's; globex has none. */
  @BeforeEach
  void start() {
    running = new RunningGateway(folder, Setup.USUAL.auditRate(1), TenantContractsTest::perTenant);
    version = Students.publish(running, 0.05, 0.9, 0.05);
    try (Database database = Database.open(running.data)) {
      globex =
          new KeyStore(database, running.clock, new SecureRandom())
              .add(new Tenant("globex"), "test")
              .secretKey();
      GateStore gates = new GateStore(database, running.clock);
      SliceStore slices = new SliceStore(database, gates, running.clock);
      slices.keep("support", version, "default", new Certification.Certified(certificate(0.85)));
      slices.keep(
          "support",
          version,
          "globex",
          new Certification.Withheld("too few audit samples", 1, 20, 72));
    }
    Students.open(running, version, 0.8);
    running.gateway().refresh();
  }

  private static TierwiseConfig perTenant(TierwiseConfig config) {
    TaskConfig task = config.task("support");
    return new TierwiseConfig(
        config.server(),
        config.data(),
        config.budgetData(),
        config.ledger(),
        config.upstreams(),
        config.prices(),
        List.of(
            new TaskConfig(
                task.name(),
                task.labels(),
                task.input(),
                CONTRACT,
                task.large(),
                task.student(),
                task.exactCache(),
                task.semanticCache(),
                new AuditConfig(1, 1, null, 0, 1),
                task.whenLargeUnavailable(),
                task.whenBudgetExhausted(),
                task.corpus(),
                task.flywheel())),
        config.budgets());
  }

  private static Certificate certificate(double threshold) {
    return new Certificate(
        CONTRACT, 1, 0.025, 200, 2, 0.01, 0.5, Thresholds.student(new Confidence(threshold)));
  }

  @AfterEach
  void stop() {
    running.close();
  }

  private Answer askAs(String key, String path, String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(running.url() + path))
            .header("authorization", "Bearer " + key);
    return running.send(
        body.isEmpty() ? request : request.POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private Answer ask(String key, String text) {
    return askAs(
        key,
        "/v1/chat/completions",
        "{\"model\": \"support\", \"messages\": [{\"role\": \"user\", \"content\": \"%s\"}]}"
            .formatted(text));
  }

  @Test
  void answersATenantUnderItsOwnCertificateAndEscalatesWhereTheSliceIsTooSmall() {
    Answer own = ask(running.key(), "where is my parcel");
    assertEquals("student", own.tier());
    assertEquals("0.85", own.header("x-tierwise-threshold"));
    assertEquals("large", ask(globex, "where is my parcel").tier());
    assertEquals("large", ask(globex, "and mine").tier());

    JsonNode mine = askAs(running.key(), "/v1/tasks/support/contract", "").json().path("tenants");
    assertEquals(1, mine.size());
    assertEquals(own.header("x-tierwise-certificate"), mine.at("/0/certificate").textValue());
    JsonNode theirs = askAs(globex, "/v1/tasks/support/contract", "").json().path("tenants");
    assertEquals(
        "{\"tenant\":\"globex\",\"certificate\":null,\"samples\":20,\"needed\":72,"
            + "\"reason\":\"too few audit samples\"}",
        theirs.get(0).toString());
    assertEquals(1, theirs.size());
  }

  @Test
  void shutsOneTenantsGateWhenItsOwnAuditsSpeakAgainstIt() {
    String certificate = ask(running.key(), "a").header("x-tierwise-certificate");
    try (Database database = Database.open(running.data)) {
      AuditStore audits = new AuditStore(database, running.clock);
      for (int i = 0; i < 60; i++) {
        audits.keep(
            "support",
            new AuditRow(
                "bad-" + i,
                version,
                certificate,
                Map.of(TierName.STUDENT, new AuditSample.Scored(new Confidence(0.9), false)),
                Map.of(TierName.STUDENT, Verdict.ACCEPTED),
                false),
            Money.ZERO);
      }
    }
    running.gateway().refresh();
    assertEquals("large", ask(running.key(), "b").tier());
  }

  @Test
  void putsDrawnAnswersBeforePeopleAndShowsHowOftenTheyWereRight() {
    ask(running.key(), "where is my parcel");
    running.clock.advance(Duration.ofMillis(1));
    ask(running.key(), "where is the other one");
    try (Database database = Database.open(running.data)) {
      ReviewStore reviews =
          new ReviewStore(
              database,
              running.clock,
              CorpusStore.open(
                  database, running.clock, CorpusStore.keyFile(running.data), new SecureRandom()));
      List<Review> drawn = reviews.all("support");
      assertEquals(
          List.of("where is my parcel", "where is the other one"),
          drawn.stream().map(Review::text).toList());
      assertEquals(new Label("delivery"), drawn.getFirst().given());
      assertTrue(reviews.judge("support", drawn.get(0).requestId(), new Label("delivery")));
      assertTrue(reviews.judge("support", drawn.get(1).requestId(), new Label("refund")));
      assertEquals(1, reviews.accuracy("support").right());
    }
    JsonNode accuracy =
        askAs(running.key(), "/v1/tasks/support/contract", "").json().path("accuracy");
    assertEquals(1, accuracy.at("/reviewed/count").asInt());
    assertEquals(2, accuracy.at("/reviewed/of").asInt());
    assertEquals(0, accuracy.at("/volunteered/of").asInt());
  }

  @Test
  void watchesVolunteeredFeedbackApart() {
    String id = ask(running.key(), "where is my parcel").header("x-tierwise-request-id");
    askAs(
        running.key(),
        "/v1/feedback",
        "{\"request_id\": \"%s\", \"label\": \"other\"}".formatted(id));
    JsonNode accuracy =
        askAs(running.key(), "/v1/tasks/support/contract", "").json().path("accuracy");
    assertEquals(0, accuracy.at("/volunteered/count").asInt());
    assertEquals(1, accuracy.at("/volunteered/of").asInt());
    assertEquals(0, accuracy.at("/reviewed/of").asInt());
  }
}
