package io.tierwise.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.bench.guarantee.Drift;
import io.tierwise.bench.guarantee.GuaranteeBench;
import io.tierwise.student.file.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tierwise bench drift}. */
@Command(
    name = "drift",
    mixinStandardHelpOptions = true,
    header = "Measures how soon a broken contract shuts the gate.",
    description = {
      "Streams under a contract, after 500 and after 5,000 calm audits: losses jump to three times",
      "epsilon; with --data 30 labels get another name, a new domain arrives, or the large model",
      "answers a fifth of the texts otherwise. Beside it how often a calm stream is shut."
    })
final class DriftCommand implements Callable<Integer> {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @Spec private CommandSpec spec;
  @Mixin private SourceOption sources;
  @Mixin private ProgressOption progress;

  @Option(names = "--epsilon", defaultValue = "0.05", description = "Default: ${DEFAULT-VALUE}.")
  private double epsilon;

  @Option(
      names = "--audit-rate",
      defaultValue = "0.1",
      description = "Share of requests that are audited (default: ${DEFAULT-VALUE}).")
  private double auditRate;

  @Option(
      names = "--alpha",
      defaultValue = "0.05",
      description = "Probability of a false alarm (default: ${DEFAULT-VALUE}).")
  private double alpha;

  @Option(
      names = "--streams",
      defaultValue = "50",
      description = "Of each drift (default: ${DEFAULT-VALUE}).")
  private int streams;

  @Option(
      names = "--calm-streams",
      defaultValue = "200",
      description = "Without one (default: ${DEFAULT-VALUE}).")
  private int calmStreams;

  @Option(names = "--seed", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(names = "--json", description = "End with one JSON object on the last line.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    Path work = Files.createTempDirectory("tierwise-drift");
    try {
      Drift.Measured measured =
          GuaranteeBench.drift(
              new Drift.Spec(epsilon, auditRate, alpha, streams, calmStreams, seed),
              sources.sources(),
              sources.scoring(seed, work),
              progress.watch());
      progress.done();
      print(measured);
      if (json) {
        spec.commandLine().getOut().println(json(measured));
      }
      return measured.calm().stream().allMatch(each -> each.alarms() <= each.allowed())
          ? 0
          : Main.REFUSED;
    } finally {
      DurableFiles.delete(work);
    }
  }

  private void print(Drift.Measured measured) {
    var out = spec.commandLine().getOut();
    out.printf(
        "%-28s %8s %8s %12s %8s %8s %9s%n",
        "drift", "before", "after", "calm audits", "median", "worst", "requests");
    for (Drift.Heard heard : measured.heard()) {
      out.printf(
          Locale.ROOT,
          "%-28s %7.2f%% %7.2f%% %12d %8d %8d %9d%n",
          heard.kind(),
          100 * heard.calmRisk(),
          100 * heard.risk(),
          heard.calm(),
          heard.median(),
          heard.worst(),
          heard.requests());
    }
    out.printf("%-28s %8s %8s %12s %8s%n", "calm", "risk", "streams", "shut", "allowed");
    for (Drift.Calm calm : measured.calm()) {
      out.printf(
          Locale.ROOT,
          "%-28s %7.2f%% %8d %11.2f%% %7.2f%%%n",
          calm.kind(),
          100 * calm.risk(),
          calm.streams(),
          100 * calm.alarms(),
          100 * calm.allowed());
    }
  }

  private ObjectNode json(Drift.Measured measured) {
    ObjectNode root = JSON.createObjectNode();
    root.put("epsilon", epsilon);
    root.put("auditRate", auditRate);
    root.put("alpha", alpha);
    ArrayNode drifts = root.putArray("drifts");
    for (Drift.Heard heard : measured.heard()) {
      ObjectNode node = drifts.addObject();
      node.put("kind", heard.kind());
      node.put("riskBefore", heard.calmRisk());
      node.put("riskAfter", heard.risk());
      node.put("calmAudits", heard.calm());
      node.put("medianAudits", heard.median());
      node.put("worstAudits", heard.worst());
      node.put("medianRequests", heard.requests());
    }
    ArrayNode calms = root.putArray("calm");
    for (Drift.Calm calm : measured.calm()) {
      ObjectNode node = calms.addObject();
      node.put("kind", calm.kind());
      node.put("risk", calm.risk());
      node.put("streams", calm.streams());
      node.put("falseAlarms", calm.alarms());
      node.put("allowed", calm.allowed());
    }
    return root;
  }
}
