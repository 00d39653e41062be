package io.tierwise.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.bench.semantic.SemanticCacheBench;
import io.tierwise.bench.semantic.SemanticCacheBench.Measured;
import io.tierwise.bench.semantic.SemanticSummary;
import io.tierwise.student.encoder.SentenceEncoder;
import java.io.IOException;
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
      defaultValue = "7000",
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

  @Option(
      names = "--seeds",
      split = ",",
      defaultValue = "1",
      description = "Each puts the questions in another order (default: ${DEFAULT-VALUE}).")
  private List<Long> seeds;

  @Option(names = "--json", description = "End with one JSON object on the last line.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    try (SentenceEncoder encoder = SentenceEncoder.bgeSmall(2)) {
      List<Measured> measured =
          SemanticCacheBench.run(
              new SemanticCacheBench.Spec(data, questions, epsilons, delta, seeds),
              encoder,
              progress.watch());
      progress.done();
      print(measured);
      if (json) {
        spec.commandLine().getOut().println(json(measured));
      }
      return 0;
    }
  }

  private void print(List<Measured> measured) {
    var out = spec.commandLine().getOut();
    Measured first = measured.getFirst();
    out.printf(
        "%d cached, %d certified on, %d asked, of which %d have their answer cached; %d seeds%n",
        first.cached(), first.certifying(), first.asked(), first.answerable(), measured.size());
    out.printf(
        "%-16s %-7s %9s %8s %8s %8s %8s %12s %12s%n",
        "threshold",
        "guards",
        "value",
        "hits",
        "lost",
        "wrong",
        "worst",
        "above, risk",
        "adversaries");
    for (SemanticSummary each : SemanticSummary.of(measured)) {
      out.printf(
          Locale.ROOT,
          "%-16s %-7s %9.4f %7.2f%% %7.2f%% %7.2f%% %7.2f%% %12s %11.2f%%%n",
          each.name(),
          each.guarded() ? "yes" : "no",
          each.threshold(),
          100 * each.hits(),
          100 * each.lost(),
          100 * each.wrong(),
          100 * each.worst(),
          above(each, measured.size()),
          100 * each.adversaries());
    }
  }

  private String above(SemanticSummary each, int seeds) {
    return each.epsilon() == null ? "" : each.above() + ", " + each.broken() + " of " + seeds;
  }

  private static ObjectNode json(List<Measured> measured) {
    ObjectNode root = JSON.createObjectNode();
    Measured first = measured.getFirst();
    root.put("seeds", measured.size());
    root.put("cached", first.cached());
    root.put("certifying", first.certifying());
    root.put("asked", first.asked());
    root.put("answerable", first.answerable());
    root.put("adversaries", first.adversaries());
    ArrayNode rows = root.putArray("rows");
    for (SemanticSummary each : SemanticSummary.of(measured)) {
      ObjectNode node = rows.addObject();
      node.put("name", each.name());
      node.put("guards", each.guarded());
      node.put("threshold", Double.isNaN(each.threshold()) ? null : (Double) each.threshold());
      node.put("certified", each.certified());
      node.put("hitRate", each.hits());
      node.put("lostRate", each.lost());
      node.put("wrongHitRate", each.wrong());
      node.put("worstWrongHitRate", each.worst());
      node.put("wrongAmongHits", each.hits() == 0 ? 0 : each.wrong() / each.hits());
      if (each.epsilon() != null) {
        node.put("seedsBroken", each.broken());
        node.put("seedsAboveEpsilon", each.above());
      }
      node.put("adversariesLetThrough", each.adversaries());
    }
    return root;
  }
}
