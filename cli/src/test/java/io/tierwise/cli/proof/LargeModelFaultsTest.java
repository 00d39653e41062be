package io.tierwise.cli.proof;

import static io.tierwise.cli.proof.RawUpstream.bytes;
import static io.tierwise.cli.proof.RawUpstream.reply;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.gateway.testing.RunningGateway;
import io.tierwise.gateway.testing.RunningGateway.Answer;
import io.tierwise.gateway.testing.RunningGateway.Setup;
import io.tierwise.gateway.testing.Students;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.policy.Fallback;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every way in which a large model fails, over real sockets, under both policies, in both dialects,
 * plain and streamed. Makes the table "large-model-faults" of docs/errors.md.
 */
class LargeModelFaultsTest {
  private static final String ANSWER =
      """
      {"choices": [{"index": 0, "message": {"role": "assistant", "content": "refund"},
       "finish_reason": "stop"}], "usage": {"prompt_tokens": 20, "completion_tokens": 1}}\
      """;
  private static final String INFER =
      """
      {"inputs": [{"name": "text", "shape": [1], "datatype": "BYTES", "data": ["%s"]}]}\
      """;
  private static final String CHAT =
      """
      {"model": "support", "stream": %s, "messages": [{"role": "user", "content": "%s"}]}\
      """;

  /** Calls that fail before the breaker may open. */
  private static final int JUDGED = 5;

  @TempDir private Path folder;

  /**
   * One way to fail.
   *
   * @param act null where nobody listens
   * @param url of an upstream that is not there; null for the act's own
   * @param timeout the upstream's
   */
  private record Fault(
      String name, RawUpstream.@Nullable Act act, @Nullable String url, Duration timeout) {
    Fault(String name, RawUpstream.Act act) {
      this(name, act, null, Duration.ofSeconds(20));
    }
  }

  private static List<Fault> faults() throws IOException {
    Duration shortly = Duration.ofMillis(250);
    Duration patient = Duration.ofSeconds(20);
    // A label of more than 63 characters is no host name: no resolver finds it, here or anywhere.
    String nowhere = "http://" + "n".repeat(64) + ".example";
    return List.of(
        new Fault("stopped: the connection is refused", null, closedPort(), patient),
        new Fault("its host name does not resolve", null, nowhere, patient),
        new Fault("slow: takes the call and says nothing", RawUpstream.silence(), null, shortly),
        new Fault("slow: headers, half a body, nothing", stalls(), null, shortly),
        new Fault("slow: a byte now and then", drips(), null, shortly),
        new Fault("resets the connection", RawUpstream.reset("")),
        new Fault(
            "resets in mid-body",
            RawUpstream.reset("HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{")),
        new Fault("answers garbage", reply("200 OK", "<html>It works!</html>")),
        new Fault("answers JSON of another shape", reply("200 OK", "{\"result\": \"refund\"}")),
        new Fault("answers an empty body", reply("200 OK", "")),
        new Fault("answers no label", reply("200 OK", ANSWER.replace("refund", "Sure! Refund."))),
        new Fault("204 No Content", reply("204 No Content", "")),
        new Fault("302 elsewhere", reply("302 Found\nlocation: http://127.0.0.1:1/", "{}")),
        new Fault("400", reply("400 Bad Request", "{}")),
        new Fault("401", reply("401 Unauthorized", "{}")),
        new Fault("403", reply("403 Forbidden", "{}")),
        new Fault("404", reply("404 Not Found", "{}")),
        new Fault("429", reply("429 Too Many Requests", "{}")),
        new Fault(
            "429 with `Retry-After: 30`", reply("429 Too Many Requests\nretry-after: 30", "{}")),
        new Fault("500", reply("500 Internal Server Error", "{}")),
        new Fault("503", reply("503 Service Unavailable", "{}")),
        new Fault("closes before the status line", bytes("")),
        new Fault("a status line that is none", bytes("SSH-2.0-OpenSSH_9.2\r\n\r\n")),
        new Fault("closes in mid-headers", bytes("HTTP/1.1 200 OK\r\ncontent-len")),
        new Fault("closes in mid-body: fewer bytes than said", length(ANSWER, 4000)),
        new Fault("sends more bytes than said", length(ANSWER, 40)),
        new Fault("says `Content-Length: -5`", length(ANSWER, -5)),
        new Fault("closes in mid-chunk", chunked("ffff\r\n" + ANSWER)),
        new Fault("a chunk without its size", chunked("zz\r\n" + ANSWER + "\r\n0\r\n\r\n")),
        new Fault("endless headers", endless("HTTP/1.1 200 OK\r\n", "x-more: and more\r\n")),
        new Fault("endless body", endless("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n", ANSWER)));
  }

  private static String closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return "http://127.0.0.1:" + socket.getLocalPort();
    }
  }

  private static RawUpstream.Act length(String body, int said) {
    return bytes("HTTP/1.1 200 OK\r\ncontent-length: " + said + "\r\n\r\n" + body);
  }

  private static RawUpstream.Act chunked(String chunks) {
    return bytes("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n" + chunks);
  }

  private static RawUpstream.Act stalls() {
    return (out, end) -> {
      out.write(
          "HTTP/1.1 200 OK\r\ncontent-length: 400\r\n\r\n{\"choices\""
              .getBytes(StandardCharsets.UTF_8));
      end.await();
    };
  }

  /** Never silent for long, and never done. */
  private static RawUpstream.Act drips() {
    return (out, end) -> {
      out.write("HTTP/1.1 200 OK\r\ncontent-length: 4000\r\n\r\n".getBytes(StandardCharsets.UTF_8));
      do {
        out.write(' ');
        out.flush();
      } while (!end.await(20, TimeUnit.MILLISECONDS));
    };
  }

  /** Until the caller has had enough and closes, which is an exception here. */
  private static RawUpstream.Act endless(String head, String more) {
    byte[] piece = more.repeat(64).getBytes(StandardCharsets.UTF_8);
    return (out, end) -> {
      out.write(head.getBytes(StandardCharsets.UTF_8));
      while (end.getCount() > 0) {
        out.write(piece);
      }
    };
  }

  @Test
  void everyFailureOfTheLargeModelComesToWhatThePolicySays() throws IOException {
    List<String> table = new ArrayList<>();
    table.add(
        "| the large model | `reject` | `retry-after` | in the ledger | `cheap-only` | breaker |");
    table.add("|---|---|---|---|---|---|");
    for (Fault fault : faults()) {
      table.add(row(fault));
    }
    ErrorsDocument.holds("large-model-faults", table);
  }

  private String row(Fault fault) throws IOException {
    if (fault.act() == null) {
      return row(fault, String.valueOf(fault.url()));
    }
    try (RawUpstream upstream = new RawUpstream(fault.act())) {
      String row = row(fault, upstream.url());
      assertTrue(upstream.calls() > 0, fault.name());
      return row;
    }
  }

  private String row(Fault fault, String url) throws IOException {
    List<String> rejected = rejecting(fault, url);
    List<String> cells = new ArrayList<>(rejected);
    cells.add(0, fault.name());
    cells.add(cells.size() - 1, cheap(fault, url));
    return "| " + String.join(" | ", cells) + " |";
  }

  private Path home() throws IOException {
    return Files.createTempDirectory(folder, "gateway");
  }

  /** What the policy reject makes of it, and what the breaker has made of it after five calls. */
  private List<String> rejecting(Fault fault, String url) throws IOException {
    Setup setup = Setup.USUAL.timeout(fault.timeout());
    try (RunningGateway running = new RunningGateway(home(), setup, url)) {
      Answer plain = running.post(CHAT.formatted(false, "question 1"));
      Answer streamed = running.post(CHAT.formatted(true, "question 2"));
      Answer infer = running.postTo("/v2/models/support/infer", INFER.formatted("question 3"));
      String message = message(plain);
      assertEquals(503, plain.status(), fault.name());
      assertEquals("503 null large_unavailable", plain.error(), fault.name());
      assertEquals("server_error", plain.json().path("error").path("type").asText());
      assertEquals(plain.response().body(), streamed.response().body(), fault.name());
      assertEquals(plain.status(), streamed.status());
      assertEquals(plain.status(), infer.status());
      assertEquals(message, infer.json().path("error").asText(), fault.name());
      String wait = plain.header("retry-after");
      assertTrue(Integer.parseInt(wait) > 0, fault.name());
      assertEquals(wait, streamed.header("retry-after"));
      assertEquals(wait, infer.header("retry-after"));
      List<LedgerEntry> ledger = running.ledger();
      assertEquals(3, ledger.size(), fault.name());
      for (LedgerEntry entry : ledger) {
        assertEquals("large-unavailable", entry.refusal(), fault.name());
      }
      for (int i = 4; i <= JUDGED; i++) {
        running.ask("question " + i);
      }
      Answer sixth = running.ask("question 6");
      boolean left = message(sixth).contains("left alone");
      assertEquals(left ? "10" : wait, sixth.header("retry-after"), fault.name());
      return List.of(
          plain.status() + " " + message,
          wait,
          inLedger(ledger.getFirst()),
          left ? "opens" : "stays closed");
    }
  }

  private static String message(Answer answer) {
    return answer.json().path("error").path("message").asText();
  }

  private static String inLedger(LedgerEntry entry) {
    return "`"
        + entry.refusal()
        + "`, "
        + entry.lines().stream()
            .map(line -> line.tier().text() + " " + line.usage().requests() + "×")
            .collect(Collectors.joining(", "));
  }

  /** What the policy cheap-only makes of it: with a student its candidate, degraded; else 503. */
  private String cheap(Fault fault, String url) throws IOException {
    Setup setup = Setup.USUAL.timeout(fault.timeout()).whenLargeUnavailable(Fallback.CHEAP_ONLY);
    try (RunningGateway running = new RunningGateway(home(), setup, url)) {
      Answer without = running.ask("question 0");
      assertEquals("503 null large_unavailable", without.error(), fault.name());
      String version = Students.publish(running, 0.1, 0.7, 0.2);
      running.gateway().refresh();
      Answer plain = running.post(CHAT.formatted(false, "question 1"));
      Answer streamed = running.post(CHAT.formatted(true, "question 2"));
      Answer infer = running.postTo("/v2/models/support/infer", INFER.formatted("question 3"));
      assertEquals("delivery", plain.label(), fault.name());
      assertTrue(streamed.response().body().contains("\"content\":\"delivery\""));
      assertTrue(streamed.response().body().endsWith("data: [DONE]\n\n"));
      assertEquals("delivery", infer.json().at("/outputs/0/data/0").asText());
      for (Answer answer : List.of(plain, streamed, infer)) {
        assertEquals(200, answer.status(), fault.name());
        assertEquals("true", answer.header("x-tierwise-degraded"), fault.name());
        assertEquals("student", answer.tier(), fault.name());
        assertEquals(version, answer.header("x-tierwise-artifact"));
        assertEquals(null, answer.header("x-tierwise-certificate"));
      }
      List<LedgerEntry> ledger = running.ledger();
      assertEquals(4, ledger.size());
      for (LedgerEntry entry : ledger.subList(1, 4)) {
        assertTrue(entry.degraded(), fault.name());
        assertEquals(null, entry.refusal(), fault.name());
        assertNotEquals(0, entry.lines().size());
      }
      return "200 student, degraded";
    }
  }
}
