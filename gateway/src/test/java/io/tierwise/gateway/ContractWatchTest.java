package io.tierwise.gateway;

import static io.tierwise.gateway.testing.ScriptedUpstream.answer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.tierwise.gateway.testing.RunningGateway;
import io.tierwise.gateway.testing.RunningGateway.Answer;
import io.tierwise.gateway.testing.RunningGateway.Setup;
import io.tierwise.gateway.testing.Students;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A running contract that is broken, over real sockets. */
class ContractWatchTest {
  @TempDir private Path folder;
  private RunningGateway running;
  private String certificate;

  @BeforeEach
  void openAGate() {
    running = new RunningGateway(folder, Setup.USUAL.auditRate(1));
    String version = Students.publish(running, 0.9, 0.06, 0.04);
    certificate = Students.open(running, version, 0.8);
    running.gateway().refresh();
  }

  @AfterEach
  void stop() {
    running.close();
  }

  private JsonNode contract() {
    return running.get("/v1/tasks/support/contract").json();
  }

  /** Ends, which waits for the audits under way, and begins again. */
  private void restart() {
    running.restart(Setup.USUAL.auditRate(1));
  }

  @Test
  void showsTheCertificateAndWhatTheAuditsSaySince() {
    running.upstream.then(answer("refund", 20, 1), answer("delivery", 20, 1));
    assertEquals("student", running.ask("money back").tier());
    assertEquals("student", running.ask("where is it").tier());
    restart();

    JsonNode contract = contract();
    assertEquals("open", contract.path("gate").textValue());
    assertEquals(certificate, contract.path("certificate").path("id").textValue());
    assertEquals(200, contract.path("certificate").path("samples").intValue());
    assertEquals(0.8, contract.path("certificate").path("thresholds").path("student").asDouble());
    JsonNode watch = contract.path("watch");
    assertEquals(2, watch.path("audits").intValue());
    assertEquals(1, watch.path("disagreement").path("count").intValue());
    assertEquals(2, watch.path("among_cheap_answers").path("of").intValue());
    assertEquals(20, watch.path("rings_at").asDouble(), 1e-12);
    assertEquals(0.15, watch.path("audits_to_an_alarm").path("at_disagreement").asDouble(), 1e-12);
    assertTrue(contract.path("last_alarm").isNull());
  }

  @Test
  void shutsTheGateWhenTheLargeModelHasChangedAndTheLargeModelAnswersFromThenOn() {
    running.upstream.otherwise(answer("delivery", 20, 1));
    for (int asked = 0; asked < 12; asked++) {
      assertEquals("student", running.ask("text " + asked).tier());
    }
    restart();
    JsonNode alarm = contract().path("last_alarm");
    assertEquals(12, alarm.path("audits").intValue());
    assertEquals(12, alarm.path("lost").intValue());
    assertEquals("shut", contract().path("gate").textValue());
    assertTrue(
        running
            .gateway()
            .metrics()
            .scrape()
            .contains("tierwise_contract_alarms_total{task=\"support\"} 1.0"));

    Answer after = running.ask("one more");
    assertEquals("large", after.tier());
    assertEquals("delivery", after.label());
    assertNull(after.header("x-tierwise-certificate"));
  }

  @Test
  void refusesATaskThatIsNone() {
    assertEquals("404 task task_not_found", running.get("/v1/tasks/none/contract").error());
  }
}
