package io.tierwise.aws.metrics;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Metrics in CloudWatch's embedded metric format, one JSON object a line, under the names that
 * Prometheus knows them by. What counts upward is written as what was added since the last time;
 * what has not changed is not written. Delivery is at least once: money is never billed from here.
 */
public final class EmbeddedMetrics {
  /** The namespace of all of them. */
  public static final String NAMESPACE = "Tierwise";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String STATE = "state";
  private static final String TIER = "tier";

  private final Clock clock;
  private final PrintStream out;
  private final Map<Sample.Key, Double> before = new HashMap<>();

  public EmbeddedMetrics(Clock clock, PrintStream out) {
    this.clock = clock;
    this.out = out;
  }

  /** Writes what has changed since the last call. */
  public synchronized void write(String prometheusText) {
    Map<Map<String, String>, Map<String, Double>> lines = new LinkedHashMap<>();
    for (Sample sample : Sample.parse(prometheusText)) {
      if (sample.isBucket() || !Double.isFinite(sample.value())) {
        continue; // buckets would be a metric each; a sum and a count say the mean
      }
      Double old = before.put(sample.key(), sample.value());
      double value = sample.countsUp() ? sample.value() - (old == null ? 0 : old) : sample.value();
      boolean changed = sample.countsUp() ? value != 0 : old == null || old != sample.value();
      if (changed) {
        lines
            .computeIfAbsent(sample.key().labels(), labels -> new TreeMap<>())
            .put(sample.key().name(), value);
      }
    }
    lines.forEach((labels, values) -> out.println(line(labels, values)));
    out.flush();
  }

  private ObjectNode line(Map<String, String> labels, Map<String, Double> values) {
    ObjectNode root = JSON.createObjectNode();
    ObjectNode aws = root.putObject("_aws").put("Timestamp", clock.millis());
    ObjectNode metrics = aws.putArray("CloudWatchMetrics").addObject().put("Namespace", NAMESPACE);
    ArrayNode dimensions = metrics.putArray("Dimensions");
    for (List<String> set : dimensionSets(labels)) {
      ArrayNode names = dimensions.addArray();
      set.forEach(names::add);
    }
    ArrayNode described = metrics.putArray("Metrics");
    labels.forEach(root::put);
    values.forEach((name, value) -> {
      described.addObject().put("Name", name).put("Unit", unit(name));
      root.put(name, value);
    });
    return root;
  }

  /**
   * By all labels, and more coarsely for alarms, which cannot search: by state, by tier, in all.
   */
  private static List<List<String>> dimensionSets(Map<String, String> labels) {
    Set<List<String>> sets = new LinkedHashSet<>();
    sets.add(List.copyOf(new TreeSet<>(labels.keySet())));
    if (labels.containsKey(STATE)) {
      sets.add(List.of(STATE));
    } else {
      if (labels.containsKey(TIER)) {
        sets.add(List.of(TIER));
      }
      sets.add(List.of());
    }
    return List.copyOf(sets);
  }

  private static String unit(String name) {
    if (name.contains("_seconds") && !name.endsWith("_count")) {
      return "Seconds";
    }
    boolean money = name.contains("_usd");
    boolean counted = name.endsWith("_total") || name.endsWith("_count");
    return counted && !money ? "Count" : "None";
  }
}
