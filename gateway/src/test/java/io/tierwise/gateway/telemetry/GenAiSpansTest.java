package io.tierwise.gateway.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.sun.net.httpserver.HttpServer;
import io.tierwise.gateway.testing.RunningGateway;
import io.tierwise.gateway.testing.ScriptedUpstream;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.testing.SampleEntries;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Before a collector that takes OTLP's protobuf, by the numbers of its fields in trace.proto. */
class GenAiSpansTest {
  private static final int SERVER = 2;
  private static final int CLIENT = 3;
  private static final int INTERNAL = 1;

  private final List<byte[]> received = new CopyOnWriteArrayList<>();
  @TempDir private Path folder;
  private HttpServer collector;

  /** A span as it came over the wire. */
  private record Sent(
      String name,
      long kind,
      ByteString id,
      ByteString parent,
      long nanos,
      Map<String, Object> attributes,
      boolean error) {}

  @BeforeEach
  void start() throws IOException {
    collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    collector.createContext(
        "/v1/traces",
        exchange -> {
          received.add(exchange.getRequestBody().readAllBytes());
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    collector.start();
  }

  @AfterEach
  void stop() {
    collector.stop(0);
  }

  private URI address() {
    return URI.create("http://127.0.0.1:" + collector.getAddress().getPort());
  }

  private List<Sent> sent(LedgerEntry... entries) throws IOException {
    try (GenAiSpans spans = GenAiSpans.to(address())) {
      List.of(entries).forEach(spans);
    }
    return spans();
  }

  private List<Sent> spans() throws IOException {
    List<Sent> spans = new ArrayList<>();
    for (byte[] request : received) {
      for (UnknownFieldSet resource : messages(UnknownFieldSet.parseFrom(request), 1)) {
        for (UnknownFieldSet scope : messages(resource, 2)) {
          for (UnknownFieldSet span : messages(scope, 2)) {
            spans.add(span(span));
          }
        }
      }
    }
    return spans;
  }

  private static Sent span(UnknownFieldSet span) throws InvalidProtocolBufferException {
    Map<String, Object> attributes = new TreeMap<>();
    for (UnknownFieldSet attribute : messages(span, 9)) {
      attributes.put(text(attribute, 1), value(messages(attribute, 2).getFirst()));
    }
    long begin = span.getField(7).getFixed64List().getFirst();
    long end = span.getField(8).getFixed64List().getFirst();
    List<ByteString> parent = span.getField(4).getLengthDelimitedList();
    return new Sent(
        text(span, 5),
        span.getField(6).getVarintList().getFirst(),
        span.getField(2).getLengthDelimitedList().getFirst(),
        parent.isEmpty() ? ByteString.EMPTY : parent.getFirst(),
        end - begin,
        attributes,
        messages(span, 15).stream()
            .anyMatch(status -> status.getField(3).getVarintList().equals(List.of(2L))));
  }

  private static Object value(UnknownFieldSet any) {
    if (any.hasField(1)) {
      return text(any, 1);
    }
    if (any.hasField(4)) {
      return Double.longBitsToDouble(any.getField(4).getFixed64List().getFirst());
    }
    long number = any.getField(any.hasField(2) ? 2 : 3).getVarintList().getFirst();
    return any.hasField(2) ? (Object) (number == 1) : (Object) number;
  }

  private static String text(UnknownFieldSet message, int field) {
    return message.getField(field).getLengthDelimitedList().getFirst().toString(UTF_8);
  }

  private static List<UnknownFieldSet> messages(UnknownFieldSet message, int field)
      throws InvalidProtocolBufferException {
    List<UnknownFieldSet> found = new ArrayList<>();
    for (ByteString each : message.getField(field).getLengthDelimitedList()) {
      found.add(UnknownFieldSet.parseFrom(each));
    }
    return found;
  }

  @Test
  void aRequestIsASpanByTheConventionsAndEachTriedTierOneBelowIt() throws IOException {
    LedgerEntry entry = SampleEntries.escalated("r-7");
    List<Sent> spans = sent(entry);
    Sent whole = spans.getLast();
    assertEquals("chat " + entry.task(), whole.name());
    assertEquals(SERVER, whole.kind());
    assertEquals(entry.latency().toNanos(), whole.nanos());
    assertFalse(whole.error());
    assertEquals(ByteString.EMPTY, whole.parent());
    assertEquals(
        new TreeMap<>(
            Map.ofEntries(
                Map.entry("gen_ai.operation.name", "chat"),
                Map.entry("gen_ai.provider.name", "tierwise"),
                Map.entry("gen_ai.request.model", "triage"),
                Map.entry("gen_ai.response.model", "endpoint-7"),
                Map.entry("gen_ai.response.id", "r-7"),
                Map.entry("gen_ai.usage.input_tokens", 900L),
                Map.entry("gen_ai.usage.output_tokens", 7L),
                Map.entry("tierwise.tenant", "acme"),
                Map.entry("tierwise.purpose", "serve"),
                Map.entry("tierwise.tier", "large"),
                Map.entry("tierwise.confidence", 1.0),
                Map.entry("tierwise.cost_usd", entry.cost().usd().doubleValue()),
                Map.entry("tierwise.counterfactual_usd", 0.0021),
                Map.entry("tierwise.audited", true),
                Map.entry("tierwise.degraded", false))),
        whole.attributes());

    List<Sent> tiers = spans.subList(0, spans.size() - 1);
    assertEquals(
        entry.lines().stream().map(line -> line.tier().text()).toList(),
        tiers.stream().map(Sent::name).toList());
    assertTrue(tiers.stream().allMatch(span -> span.parent().equals(whole.id())));
    Sent large = tiers.getLast();
    LedgerEntry.Line line = entry.lines().getLast();
    assertEquals(CLIENT, large.kind());
    assertEquals(INTERNAL, tiers.getFirst().kind());
    assertEquals(line.latency().toNanos(), large.nanos());
    assertEquals(line.usage().inputTokens(), large.attributes().get("gen_ai.usage.input_tokens"));
    assertEquals(line.usage().outputTokens(), large.attributes().get("gen_ai.usage.output_tokens"));
    assertEquals(
        entry.lines().getFirst().confidence(),
        tiers.getFirst().attributes().get("tierwise.confidence"));
  }

  @Test
  void aRefusedRequestIsAnErrorOfItsCode() throws IOException {
    LedgerEntry refused =
        SampleEntries.all().stream()
            .filter(entry -> entry.refusal() != null)
            .findFirst()
            .orElseThrow();
    Sent whole = sent(refused).getLast();
    assertTrue(whole.error());
    assertEquals(refused.refusal(), whole.attributes().get("error.type"));
    assertFalse(whole.attributes().containsKey("tierwise.tier"));
  }

  @Test
  void whatIsServedIsSentWithoutItsTexts() throws IOException {
    String text = "where is my very own money";
    try (RunningGateway running = new RunningGateway(folder, RunningGateway.Setup.USUAL);
        GenAiSpans spans = GenAiSpans.to(address())) {
      running.gateway().tell(spans);
      running.upstream.otherwise(ScriptedUpstream.answer("refund", 20, 1));
      assertEquals("refund", running.ask(text).label());
    }
    Sent whole = spans().getLast();
    assertEquals("chat support", whole.name());
    assertEquals("large", whole.attributes().get("tierwise.tier"));
    for (byte[] request : received) {
      String all = new String(request, UTF_8);
      assertFalse(all.contains("money") || all.contains("refund"), all);
    }
  }

  @Test
  void aCollectorThatIsAwayCostsNothingButTheSpans() {
    collector.stop(0);
    try (GenAiSpans spans = GenAiSpans.to(address())) {
      spans.accept(SampleEntries.escalated("r-8"));
    }
    assertEquals(List.of(), received);
  }
}
