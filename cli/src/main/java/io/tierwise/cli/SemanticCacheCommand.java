package io.tierwise.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.bench.semantic.SemanticCacheBench;
import io.tierwise.bench.semantic.SemanticCacheBench.Measured;
import io.tierwise.bench.semantic.SemanticCacheBench.Row;
import io.tierwise.student.encoder.SentenceEncoder;
import io.tierwise.student.file.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tierwise bench semantic-cache}. */
@Command(
    name = "semantic-cache",
    mixinStandardHelpOptions = true,
    header = "Measures answers from questions that mean the same.",
    description = {
      "Of a stream of questions of which it is known which share an answer, three fifths fill the",
      "cache, one fifth certifies a threshold for each epsilon (a share of all questions), one is",
      "asked; what the cache does not answer enters it, as in the gateway. Beside it fixed",
      "thresholds, with and without guards, and hand-written pairs that no cache should confuse."
    })
final class SemanticCacheCommand implements Callable<Integer> {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @Spec private CommandSpec spec;
  @Mixin private ProgressOption progress;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "FILE",
      description =
          "JSON lines {a, b, ga, gb} or {text, label}, or a directory with train.jsonl.gz.")
  private Path data;

  @Option(
      names = "--questions",
      defaultValue = "20000",
      description = "How many are drawn (default: ${DEFAULT-VALUE}).")
  private int questions;

  @Option(
      names = "--epsilon",
      split = ",",
      defaultValue = "0.01,0.02",
      description = "Shares that may be wrong (default: ${DEFAULT-VALUE}).")
  private List<Double> epsilons;

  @Option(names = "--delta", defaultValue = "0.05", description = "Default: ${DEFAULT-VALUE}.")
  private double delta;

  @Option(names = "--seed", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(names = "--json", description = "End with one JSON object on the last line.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    Path work = Files.createTempDirectory("tierwise-semantic");
    try (SentenceEncoder encoder = SentenceEncoder.bgeSmall(2)) {
      Measured measured =
          SemanticCacheBench.run(
              new SemanticCacheBench.Spec(data, questions, epsilons, delta, seed, work),
              encoder,
              progress.watch());
      progress.done();
      print(measured);
      if (json) {
        spec.commandLine().getOut().println(json(measured));
      }
      return 0;
    } finally {
      DurableFiles.delete(work);
    }
  }

  private void print(Measured measured) {
    var out = spec.commandLine().getOut();
    out.printf(
        "%d cached, %d certified on, %d asked, of which %d have their answer cached%n",
        measured.cached(), measured.certifying(), measured.asked(), measured.answerable());
    out.printf(
        "%-16s %-7s %9s %7s %10s %12s %12s%n",
        "threshold", "guards", "value", "hits", "wrong/all", "wrong/hits", "adversaries");
    for (Row row : measured.rows()) {
      out.printf(
          Locale.ROOT,
          "%-16s %-7s %9.4f %6.2f%% %9.2f%% %11.2f%% %11.2f%%%n",
          row.name(),
          row.guarded() ? "yes" : "no",
          row.threshold(),
          100.0 * row.hits() / measured.asked(),
          100.0 * row.wrong() / measured.asked(),
          row.hits() == 0 ? 0 : 100.0 * row.wrong() / row.hits(),
          100.0 * row.adversaries() / measured.adversaries());
    }
  }

  private static ObjectNode json(Measured measured) {
    ObjectNode root = JSON.createObjectNode();
    root.put("cached", measured.cached());
    root.put("certifying", measured.certifying());
    root.put("asked", measured.asked());
    root.put("answerable", measured.answerable());
    root.put("adversaries", measured.adversaries());
    ArrayNode rows = root.putArray("rows");
    for (Row row : measured.rows()) {
      ObjectNode node = rows.addObject();
      node.put("name", row.name());
      node.put("guards", row.guarded());
      node.put("threshold", Double.isNaN(row.threshold()) ? null : (Double) row.threshold());
      node.put("hitRate", (double) row.hits() / measured.asked());
      node.put("wrongHitRate", (double) row.wrong() / measured.asked());
      node.put("wrongAmongHits", row.hits() == 0 ? 0 : (double) row.wrong() / row.hits());
      node.put("adversariesLetThrough", (double) row.adversaries() / measured.adversaries());
    }
    return root;
  }
}
