package io.tierwise.gateway.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import io.tierwise.gateway.dialect.OpenInferenceDialect;
import io.tierwise.gateway.front.Front;
import io.tierwise.gateway.testing.RunningGateway;
import io.tierwise.gateway.testing.RunningGateway.Setup;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The description and the server say the same. */
class OpenApiTest {
  private static final Set<String> METHODS = Set.of("get", "post", "put", "delete", "patch");

  @TempDir private static Path folder;
  private static RunningGateway running;
  private static JsonNode description;

  @BeforeAll
  static void start() {
    running = new RunningGateway(folder, Setup.USUAL);
    description = call("GET", "/openapi.json").json();
  }

  @AfterAll
  static void stop() {
    running.close();
  }

  private static RunningGateway.Answer call(String method, String path) {
    return running.send(
        HttpRequest.newBuilder(URI.create(running.url() + path))
            .method(method, HttpRequest.BodyPublishers.noBody()));
  }

  @Test
  void describesEveryPathOfTheServerAndNoOther() {
    Set<String> served = new TreeSet<>();
    for (var path : Front.of(running.gateway()).paths()) {
      served.add(path.method() + " " + path.pattern());
    }
    Set<String> described = new TreeSet<>();
    description
        .path("paths")
        .properties()
        .forEach(path ->
            path.getValue()
                .fieldNames()
                .forEachRemaining(method -> {
                  if (METHODS.contains(method)) {
                    described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey());
                  }
                }));
    assertEquals(served, described);
  }

  @Test
  void saysWhichPathsNeedAKey() {
    description
        .path("paths")
        .properties()
        .forEach(path -> {
          String method =
              Stream.of("post", "delete").filter(path.getValue()::has).findFirst().orElse("get");
          String concrete =
              path.getKey()
                  .replace("{name}", "support")
                  .replace("{task}", "support")
                  .replace("{version}", "1")
                  .replace("{file}", "console.js")
                  .replace("{span}", "48h")
                  .replace("{request}", "1");
          boolean keyless =
              path.getValue().path(method).path("security").isArray()
                  && path.getValue().path(method).path("security").isEmpty();
          int status = call(method.toUpperCase(Locale.ROOT), concrete).status();
          assertEquals(keyless ? 200 : 401, status, path.getKey());
        });
  }

  @Test
  void refersOnlyToWhatItDefinesAndDefinesOnlyWhatItRefersTo() {
    List<String> references = description.findValuesAsText("$ref");
    assertFalse(references.isEmpty());
    for (String reference : references) {
      assertFalse(description.at(reference.substring(1)).isMissingNode(), reference);
    }
    Set<String> defined = new TreeSet<>();
    description
        .path("components")
        .properties()
        .forEach(kind ->
            kind.getValue()
                .fieldNames()
                .forEachRemaining(
                    name -> defined.add("#/components/" + kind.getKey() + "/" + name)));
    defined.remove("#/components/securitySchemes/key");
    assertEquals(defined, new TreeSet<>(references));
  }

  @Test
  void namesTheServersVersion() {
    assertEquals("3.1.0", description.path("openapi").asText());
    assertEquals(
        OpenInferenceDialect.SERVER_VERSION, description.path("info").path("version").asText());
  }
}
