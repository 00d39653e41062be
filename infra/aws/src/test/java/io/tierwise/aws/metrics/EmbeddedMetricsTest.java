package io.tierwise.aws.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EmbeddedMetricsTest {
  private static final Instant NOW = Instant.parse("2026-03-01T08:00:00Z");

  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final EmbeddedMetrics metrics =
      new EmbeddedMetrics(
          Clock.fixed(NOW, ZoneOffset.UTC), new PrintStream(written, true, StandardCharsets.UTF_8));

  private List<JsonNode> lines(String prometheus) throws IOException {
    written.reset();
    metrics.write(prometheus);
    List<JsonNode> lines = new ArrayList<>();
    for (String line : written.toString(StandardCharsets.UTF_8).lines().toList()) {
      if (!line.isBlank()) {
        lines.add(new ObjectMapper().readTree(line));
      }
    }
    return lines;
  }

  @Test
  void aCounterIsWrittenAsWhatWasAddedAndOnlyWhenItMoved() throws IOException {
    String series = "tierwise_requests_total{task=\"support\",tier=\"large\"} ";

    JsonNode first = lines(series + "3.0\n").getFirst();
    JsonNode second = lines(series + "5.0\n").getFirst();

    assertEquals(3, first.path("tierwise_requests_total").asDouble());
    assertEquals(2, second.path("tierwise_requests_total").asDouble());
    assertEquals(List.of(), lines(series + "5.0\n"));
  }

  @Test
  void aGaugeIsWrittenAsItIs() throws IOException {
    String series = "tierwise_contract_evidence{task=\"support\"} ";

    lines(series + "3.0\n");
    assertEquals(
        2, lines(series + "2.0\n").getFirst().path("tierwise_contract_evidence").asDouble());
  }

  @Test
  void aLineIsTheEmbeddedMetricFormat() throws IOException {
    JsonNode line =
        lines("tierwise_cost_usd_total{task=\"support\",tier=\"large\"} 0.5\n").getFirst();

    assertEquals(
        new ObjectMapper()
            .readTree(
                """
                {"_aws": {"Timestamp": 1772352000000, "CloudWatchMetrics": [{
                    "Namespace": "Tierwise", "Dimensions": [["task", "tier"], ["tier"], []],
                    "Metrics": [{"Name": "tierwise_cost_usd_total", "Unit": "None"}]}]},
                 "task": "support", "tier": "large", "tierwise_cost_usd_total": 0.5}\
                """),
        line);
  }

  @Test
  void aStateIsAlsoWrittenByItselfForAlarms() throws IOException {
    JsonNode line =
        lines("tierwise_breaker_state{state=\"open\",upstream=\"gpu\"} 1.0\n").getFirst();

    assertEquals(
        "[[\"state\",\"upstream\"],[\"state\"]]",
        line.at("/_aws/CloudWatchMetrics/0/Dimensions").toString());
  }

  @Test
  void bucketsAndWhatIsNoNumberAreLeftOut() throws IOException {
    assertEquals(
        List.of(),
        lines(
            "# HELP x y\ntierwise_attempt_seconds_bucket{le=\"0.1\"} 1\ntierwise_contract_evidence NaN\n"));
  }
}
