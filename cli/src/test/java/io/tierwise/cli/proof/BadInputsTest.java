package io.tierwise.cli.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.tierwise.gateway.testing.RunningGateway;
import io.tierwise.gateway.testing.RunningGateway.Setup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Makes the tables "bad-requests" and "bad-files" of docs/errors.md. */
class BadInputsTest {
  @TempDir private static Path folder;
  private static RunningGateway running;
  private static RawClient client;

  @BeforeAll
  static void start() throws IOException {
    running = new RunningGateway(Files.createDirectory(folder.resolve("gateway")), Setup.USUAL);
    client = new RawClient(running.server().port(), running.key());
  }

  @AfterAll
  static void stop() {
    running.close();
  }

  @Test
  void everyBadRequestIsRefusedAsTheDocumentSays() throws IOException {
    String answered = running.ask("hello").header("x-tierwise-request-id");
    long before = running.ledger().size();
    List<String> table = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (BadRequests.Group group : BadRequests.groups(answered)) {
      table.add("");
      table.add("**" + group.name() + "**");
      table.add("");
      table.add("| sent | status | `param` | `code` | `message` |");
      table.add("|---|---|---|---|---|");
      for (BadRequests.Case bad : group.cases()) {
        assertTrue(names.add(group.name() + bad.name()), bad.name());
        table.add(row(bad, bad.sending().to(client)));
      }
    }
    assertTrue(names.size() >= 60, names.size() + " cases");
    assertEquals(before, running.ledger().size(), "what is refused so is never routed");
    ErrorsDocument.holds("bad-requests", table);
  }

  private static String row(BadRequests.Case bad, RawClient.Reply reply) throws IOException {
    assertTrue(reply.status() >= 400 && reply.status() < 500, () -> bad.name() + ": " + reply);
    JsonNode error = reply.json().path("error");
    assertFalse(error.isMissingNode(), () -> bad.name() + ": " + reply);
    boolean message = error.isTextual();
    String row =
        "| "
            + ErrorsDocument.cell(bad.name())
            + " | "
            + reply.status()
            + " | "
            + (message ? "" : optional(error.path("param")))
            + " | "
            + (message ? "" : optional(error.path("code")))
            + " | "
            + ErrorsDocument.cell(message ? error.textValue() : error.path("message").asText())
            + " |";
    return row.replace(client.key(), "KEY")
        .replaceAll("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}", "ID");
  }

  private static String optional(JsonNode node) {
    return node.isTextual() ? ErrorsDocument.code(node.textValue()) : "";
  }

  @Test
  void everyBadFileIsRefusedAsTheDocumentSays() throws IOException {
    List<String> table = new ArrayList<>();
    int cases = 0;
    for (BadFiles.Group group : BadFiles.groups()) {
      table.add("");
      table.add("**" + group.name() + "**");
      table.add("");
      table.add("| written | answer |");
      table.add("|---|---|");
      for (BadFiles.Case bad : group.cases()) {
        Path place = Files.createTempDirectory(folder, "file");
        String answer = bad.trouble(place).replace(place + "/", "");
        assertFalse(answer.contains("Exception"), answer);
        table.add(
            "| " + ErrorsDocument.cell(bad.name()) + " | " + ErrorsDocument.cell(answer) + " |");
        cases++;
      }
    }
    assertTrue(cases >= 25, cases + " cases");
    ErrorsDocument.holds("bad-files", table);
  }
}
