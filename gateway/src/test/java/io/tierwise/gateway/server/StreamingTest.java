package io.tierwise.gateway.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.gateway.testing.RunningGateway;
import io.tierwise.gateway.testing.RunningGateway.Answer;
import io.tierwise.gateway.testing.RunningGateway.Setup;
import io.tierwise.gateway.testing.ScriptedUpstream;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Chat completions as server-sent events. */
class StreamingTest {
  @TempDir private static Path folder;
  private static RunningGateway running;

  @BeforeAll
  static void start() {
    running = new RunningGateway(folder, Setup.USUAL);
  }

  @AfterAll
  static void stop() {
    running.close();
  }

  private static Answer stream(String text, String fields) {
    return running.post(
        """
        {"model": "support", "messages": [{"role": "user", "content": "%s"}], "stream": true%s}
        """
            .formatted(text, fields));
  }

  /** The events as they would be with these choices, and the end. */
  private static String events(String id, String... rests) {
    String head =
        "data: {\"id\":\"chatcmpl-"
            + id
            + "\",\"object\":\"chat.completion.chunk\",\"created\":1772366400,"
            + "\"model\":\"support\",\"system_fingerprint\":\"big@1\",\"choices\":[";
    return Stream.of(rests)
        .map(rest -> head + rest + "}\n\n")
        .collect(Collectors.joining("", "", "data: [DONE]\n\n"));
  }

  @Test
  void streamsRoleTextAndEnd() {
    Answer answer = stream("stream this", "");
    assertEquals(200, answer.status());
    assertEquals("text/event-stream; charset=utf-8", answer.header("content-type"));
    assertEquals("no-cache", answer.header("cache-control"));
    assertEquals("large", answer.tier());
    assertEquals("0.00006001", answer.header("x-tierwise-cost-usd"));
    assertEquals(
        events(
            answer.header("x-tierwise-request-id"),
            "{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null},"
                + "\"logprobs\":null,\"finish_reason\":null}]",
            "{\"index\":0,\"delta\":{\"content\":\"refund\"},"
                + "\"logprobs\":null,\"finish_reason\":null}]",
            "{\"index\":0,\"delta\":{},\"logprobs\":null,\"finish_reason\":\"stop\"}]"),
        answer.response().body());
  }

  @Test
  void sendsTheUsageInALastChunkWhenAsked() {
    Answer answer = stream("count this", ", \"stream_options\": {\"include_usage\": true}");
    List<String> events = answer.response().body().lines().filter(line -> !line.isEmpty()).toList();
    assertEquals(5, events.size());
    assertTrue(events.subList(0, 3).stream().allMatch(event -> event.endsWith("\"usage\":null}")));
    assertTrue(
        events
            .get(3)
            .endsWith(
                "\"choices\":[],\"usage\":{\"prompt_tokens\":20,\"completion_tokens\":1,"
                    + "\"total_tokens\":21,\"prompt_tokens_details\":{\"cached_tokens\":0},"
                    + "\"completion_tokens_details\":{\"reasoning_tokens\":0}}}"),
        events.get(3));
    assertEquals("data: [DONE]", events.getLast());
  }

  @Test
  void carriesTheDistributionWithTheText() {
    String body =
        stream("weigh this", ", \"logprobs\": true, \"top_logprobs\": 1").response().body();
    assertTrue(
        body.contains(
            "\"delta\":{\"content\":\"refund\"},\"logprobs\":{\"content\":[{\"token\":\"refund\""),
        body);
  }

  @Test
  void hasTheRecordInTheLedgerBeforeTheCallerReadsTheAnswer() {
    String id = stream("record this", "").header("x-tierwise-request-id");
    assertEquals(1, running.ledger().stream().filter(e -> e.requestId().equals(id)).count());
  }

  @Test
  void refusesWithAnOrdinaryError() {
    running.upstream.then(ScriptedUpstream.status(500));
    Answer failed = stream("fail at this", "");
    assertEquals("503 null large_unavailable", failed.error());
    assertEquals("application/json; charset=utf-8", failed.header("content-type"));
    assertEquals("1", failed.header("retry-after"));
    assertNull(failed.header("cache-control"));
    assertEquals(
        "400 stream_options.include_usage invalid_type",
        stream("hi", ", \"stream_options\": {\"include_usage\": \"yes\"}").error());
  }
}
