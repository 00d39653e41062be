package io.tierwise.cli.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.gateway.ledger.LedgerReader;
import io.tierwise.gateway.testing.RunningGateway;
import io.tierwise.gateway.testing.RunningGateway.Setup;
import io.tierwise.gateway.testing.ScriptedUpstream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The official OpenAI client for Node; what it asks and expects is in exchange.mjs, and of chats in
 * chat.mjs.
 */
class OpenAiNodeClientIT {
  private static final Path SCRIPTS =
      Path.of(System.getProperty("tierwise.home"), "cli", "src", "test", "node");

  @TempDir private Path folder;

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void getsLabelsStreamsAndErrorsAsFromOpenAi() throws Exception {
    assumeInstalled();
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    try (RunningGateway running =
        new RunningGateway(folder, Setup.USUAL.timeout(Duration.ofMinutes(2)))) {
      running.upstream.echoing();
      running.upstream.then(
          ScriptedUpstream.held(arrived, release, ScriptedUpstream.answer("other", 20, 1)));
      Process node = script("exchange.mjs", running, Map.of());
      // An early end of the script closes its output, and then there is nobody to wait for.
      CompletableFuture<Void> ended = node.onExit().thenRun(arrived::countDown);
      arrived.await();
      if (node.isAlive()) {
        node.getOutputStream().write('\n');
        node.getOutputStream().flush();
      }
      String output = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      Exchange.show("exchange-node", output.replace(running.key(), "KEY"));
      ended.join();
      assertEquals(0, node.exitValue(), output);
    } finally {
      release.countDown();
    }
    try (var entries = LedgerReader.read(folder.resolve("data/ledger"))) {
      assertTrue(entries.anyMatch(entry -> "cancelled".equals(entry.refusal())));
    }
  }

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void chatsAsWithOpenAi() throws Exception {
    assumeInstalled();
    CountDownLatch givenUp = new CountDownLatch(1);
    try (RunningGateway running = new RunningGateway(folder, Setup.USUAL, ChatClientIT::withChat)) {
      running.upstream.answeringBy(body -> act(body, givenUp));
      ObjectNode answers = new ObjectMapper().createObjectNode();
      answers.put("plain", PLAIN).put("stream", STREAM);
      Process node = script("chat.mjs", running, Map.of("ANSWERS", answers.toString()));
      node.getOutputStream().close();
      String output = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      Exchange.show("chat-node", output.replace(running.key(), "KEY"));
      assertEquals(0, node.waitFor(), output);
      // Who leaves a stream is hung up on upstream, too.
      givenUp.await();
    }
    try (var entries = LedgerReader.read(folder.resolve("data/ledger"))) {
      assertTrue(entries.anyMatch(entry -> "cancelled".equals(entry.refusal())));
    }
  }

  private static final String PLAIN =
      "{\"id\": \"c\",  \"object\":\"chat.completion\",\"created\":1,\"model\":\"big\","
          + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
          + "\"content\":\"Grüezi\",\"refusal\":null},\"finish_reason\":\"stop\"}],"
          + "\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":2,\"total_tokens\":11},"
          + "\"x_new\":1.50}\n";

  private static final String STREAM =
      ": hello\n\n"
          + chunk("{\"role\":\"assistant\",\"content\":\"Good \"}", "null")
          + chunk("{\"content\":\"day\"}", "\"stop\"")
          + "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,"
          + "\"model\":\"big\",\"choices\":[],\"usage\":{\"prompt_tokens\":9,"
          + "\"completion_tokens\":2,\"total_tokens\":11}}\n\ndata: [DONE]\n\n";

  private static String chunk(String delta, String finish) {
    return "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,"
        + "\"model\":\"big\",\"choices\":[{\"index\":0,\"delta\":"
        + delta
        + ",\"finish_reason\":"
        + finish
        + "}]}\n\n";
  }

  private static String saying(String message, String finish) {
    return "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"big\","
        + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
        + message
        + "},\"finish_reason\":\""
        + finish
        + "\"}],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":2,\"total_tokens\":11}}";
  }

  private static final String CALL =
      "{\"id\":\"t1\",\"type\":\"function\",\"function\":{\"name\":\"weather\","
          + "\"arguments\":\"{\\\"city\\\":\\\"Bern\\\"}\"}}";

  /** What the model behind the gateway does with a question. */
  private static ScriptedUpstream.Act act(String body, CountDownLatch givenUp) {
    Function<String, Boolean> asks = words -> body.contains("\"content\":\"" + words + "\"");
    if (asks.apply("plain")) {
      return ScriptedUpstream.json(200, PLAIN);
    }
    if (body.contains("\"role\":\"tool\"")) {
      String told = body.contains("sunny in Bern") ? "It is sunny in Bern." : "I do not know.";
      return ScriptedUpstream.json(200, saying("\"content\":\"" + told + "\"", "stop"));
    }
    if (asks.apply("tools") || asks.apply("run tools")) {
      return ScriptedUpstream.json(
          200, saying("\"content\":null,\"tool_calls\":[" + CALL + "]", "tool_calls"));
    }
    if (asks.apply("structured") && body.contains("\"json_schema\":{\"name\":\"number\"")) {
      return ScriptedUpstream.json(
          200, saying("\"content\":\"{\\\"n\\\":1}\",\"refusal\":null", "stop"));
    }
    if (asks.apply("stream")) {
      return events(STREAM);
    }
    if (asks.apply("stream tools")) {
      return events(
          chunk(
                  "{\"role\":\"assistant\",\"tool_calls\":[{\"index\":0,"
                      + CALL.substring(1)
                      + "]}",
                  "null")
              + chunk("{}", "\"tool_calls\"")
              + "data: [DONE]\n\n");
    }
    if (asks.apply("too long")) {
      return ScriptedUpstream.json(
          400,
          "{\"error\":{\"message\":\"too long\",\"type\":\"invalid_request_error\","
              + "\"param\":\"messages\",\"code\":\"context_length_exceeded\"}}");
    }
    if (asks.apply("breaks off")) {
      return events(chunk("{\"content\":\"Good \"}", "null"));
    }
    if (asks.apply("endless")) {
      return exchange -> {
        exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        byte[] event =
            chunk("{\"content\":\"" + "word ".repeat(2000) + "\"}", "null")
                .getBytes(StandardCharsets.UTF_8);
        try {
          while (true) {
            exchange.getResponseBody().write(event);
            exchange.getResponseBody().flush();
          }
        } finally {
          givenUp.countDown();
        }
      };
    }
    return ScriptedUpstream.status(500);
  }

  private static ScriptedUpstream.Act events(String events) {
    return exchange -> {
      exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().write(events.getBytes(StandardCharsets.UTF_8));
      exchange.close();
    };
  }

  private static void assumeInstalled() throws InterruptedException {
    assumeTrue(there("node", "--version"), "node is not installed here");
    assumeTrue(
        Files.isDirectory(SCRIPTS.resolve("node_modules/openai")),
        "the client is not installed: run 'npm ci' in cli/src/test/node");
  }

  private static Process script(
      String name, RunningGateway running, Map<String, String> environment) throws IOException {
    ProcessBuilder builder = new ProcessBuilder("node", name);
    builder.environment().put("TIERWISE_URL", running.url());
    builder.environment().put("TIERWISE_KEY", running.key());
    builder.environment().putAll(environment);
    return builder.directory(SCRIPTS.toFile()).redirectErrorStream(true).start();
  }

  private static boolean there(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
