package io.tierwise.distill.ladder;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;

/** A ladder's figures, for programs and for people. */
public final class LadderReport {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private LadderReport() {}

  /** One line: {@code {"artifacts": […], "comparisons": […], "machine": …}}. */
  public static String json(Ladder.Result result) {
    ObjectNode root = JSON.createObjectNode();
    root.put("task", result.recipe().task());
    root.put("machine", result.machine());
    ArrayNode artifacts = root.putArray("artifacts");
    Rung teacher = result.rungs().getFirst();
    for (Rung rung : result.rungs()) {
      ObjectNode node = artifacts.addObject();
      node.put("name", rung.name());
      node.put("technique", rung.technique());
      node.put("accuracy", rung.accuracy());
      node.put("spread", rung.spread());
      ArrayNode seeds = node.putArray("accuracies");
      rung.accuracies().forEach(seeds::add);
      node.put("lost", rung.lost());
      node.put("lostLower", rung.lostLower());
      node.put("lostUpper", rung.lostUpper());
      node.put("bytes", rung.bytes());
      node.put("compressedBytes", rung.compressedBytes());
      node.put("p50Micros", rung.p50Micros());
      node.put("p50MicrosBatch32", rung.p50MicrosBatch32());
      node.put("timesSmaller", (double) teacher.bytes() / rung.bytes());
      node.put("timesFaster", teacher.p50Micros() / rung.p50Micros());
      node.put("timesFasterBatch32", teacher.p50MicrosBatch32() / rung.p50MicrosBatch32());
      node.put("dollarsPerMillion", rung.perMillion().usd());
      node.put("pareto", rung.pareto());
    }
    ArrayNode comparisons = root.putArray("comparisons");
    for (Comparisons.Shown shown : result.comparisons()) {
      comparisons
          .addObject()
          .put("better", shown.better())
          .put("than", shown.than())
          .put("difference", shown.difference().mean())
          .put("lower", shown.difference().lower())
          .put("upper", shown.difference().upper());
    }
    try {
      return JSON.writeValueAsString(root);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree is always JSON", e);
    }
  }

  /** A table. */
  public static String text(Ladder.Result result) {
    Rung teacher = result.rungs().getFirst();
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "  %-22s %8s %6s %18s %10s %8s %8s %7s %7s%n",
            "artifact",
            "accuracy",
            "spread",
            "points lost (95 %)",
            "bytes",
            "p50 us",
            "x32 us",
            "smaller",
            "faster"));
    for (Rung rung : result.rungs()) {
      text.append(
          String.format(
              Locale.ROOT,
              "%s %-22s %7.2f%% %6.2f %5.2f (%5.2f, %5.2f) %10d %8.1f %8.1f %6.1fx %6.1fx%n",
              rung.pareto() ? "*" : " ",
              rung.name(),
              100 * rung.accuracy(),
              100 * rung.spread(),
              100 * rung.lost(),
              100 * rung.lostLower(),
              100 * rung.lostUpper(),
              rung.bytes(),
              rung.p50Micros(),
              rung.p50MicrosBatch32(),
              (double) teacher.bytes() / rung.bytes(),
              teacher.p50Micros() / rung.p50Micros()));
    }
    for (Comparisons.Shown shown : result.comparisons()) {
      text.append(shown.sentence()).append('\n');
    }
    return text.append("* on the Pareto front; ").append(result.machine()).toString();
  }
}
