package io.tierwise.gateway.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tierwise.gateway.StoredCaches;
import io.tierwise.gateway.store.CorpusStore;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.store.KeyStore;
import io.tierwise.gateway.testing.RunningGateway;
import io.tierwise.gateway.testing.RunningGateway.Answer;
import io.tierwise.gateway.testing.RunningGateway.Setup;
import io.tierwise.gateway.testing.Students;
import io.tierwise.router.request.Tenant;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForgetCacheTest {
  @TempDir private Path folder;
  private RunningGateway running;
  private String globex;
  private String admin;

  @BeforeEach
  void start() {
    running = new RunningGateway(folder, Setup.USUAL.withSemanticCache());
    Students.shut(running, "test");
    running.gateway().refresh();
    try (Database database = Database.open(running.data)) {
      KeyStore keys = new KeyStore(database, running.clock, new SecureRandom());
      globex = keys.add(new Tenant("globex"), "test").secretKey();
      admin = keys.addAdmin("test").secretKey();
    }
    ask(running.key());
    ask(globex);
  }

  @AfterEach
  void stop() {
    running.close();
  }

  private String ask(String key) {
    String body =
        "{\"model\": \"support\", \"messages\": [{\"role\": \"user\", \"content\": \"hi\"}]}";
    return running
        .send(
            HttpRequest.newBuilder(URI.create(running.url() + "/v1/chat/completions"))
                .header("authorization", "Bearer " + key)
                .POST(HttpRequest.BodyPublishers.ofString(body)))
        .tier();
  }

  private Answer forget(String key, String query) {
    return running.send(
        HttpRequest.newBuilder(URI.create(running.url() + "/v1/cache" + query))
            .header("authorization", "Bearer " + key)
            .DELETE());
  }

  @Test
  void aTenantsKeyForgetsItsOwnAnswersAndNobodyElses() {
    assertEquals("exact-cache", ask(running.key()));
    assertEquals(
        "{\"tenant\":\"default\",\"task\":null,\"forgotten\":{\"exact\":1,\"semantic\":1}}",
        forget(running.key(), "").response().body());
    assertEquals("large", ask(running.key()));
    assertEquals("exact-cache", ask(globex));
  }

  @Test
  void refusesAnotherTenantsAnUnknownTaskAndAnUnknownParameter() {
    assertEquals("403 tenant forbidden", forget(globex, "?tenant=default").error());
    assertEquals("404 task task_not_found", forget(globex, "?task=triage").error());
    assertEquals("400 user unknown_parameter", forget(globex, "?user=me").error());
    assertEquals("401 Authorization invalid_api_key", forget("tw_no", "").error());
    assertEquals("400 tenant invalid_value", forget(admin, "?tenant=%20").error());
    assertEquals("exact-cache", ask(running.key()));
  }

  @Test
  void anAdministratorsKeySeesEveryTenantsContractAndAsksNothing() {
    Answer seen =
        running.send(
            HttpRequest.newBuilder(URI.create(running.url() + "/v1/tasks/support/contract"))
                .header("authorization", "Bearer " + admin));
    assertEquals("support", seen.json().path("task").asText());
    Answer asked =
        running.send(
            HttpRequest.newBuilder(URI.create(running.url() + "/v1/models"))
                .header("authorization", "Bearer " + admin));
    assertEquals("401 Authorization invalid_api_key", asked.error());
  }

  @Test
  void anAdministratorsKeyReachesATenantOrEverybody() {
    assertEquals(200, forget(admin, "?tenant=globex&task=support").status());
    assertEquals("large", ask(globex));
    assertEquals("exact-cache", ask(running.key()));
    assertEquals(2, forget(admin, "").json().path("forgotten").path("semantic").asInt());
    assertEquals("large", ask(globex));
    assertEquals("large", ask(running.key()));
  }

  @Test
  void followsWhatAnotherProcessErases() throws IOException {
    try (Database database = Database.open(running.data)) {
      CorpusStore corpus =
          CorpusStore.open(
              database, running.clock, CorpusStore.keyFile(running.data), new SecureRandom());
      assertEquals(
          1,
          StoredCaches.forget(
                  running.data, database, corpus, running.clock, new Tenant("globex"), null)
              .exact());
    }
    running.gateway().refresh();
    assertEquals("large", ask(globex));
    assertEquals("exact-cache", ask(running.key()));
  }
}
