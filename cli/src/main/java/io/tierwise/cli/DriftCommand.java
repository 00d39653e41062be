package io.tierwise.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.bench.guarantee.Drift;
import io.tierwise.bench.guarantee.GuaranteeBench;
import io.tierwise.bench.guarantee.Naming;
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
      "answers a fifth of the texts otherwise. Beside it how often a calm stream is shut, which"
          + " name",
      "each drift gets and after how many audits, and how often a calm is given one."
    })
final class DriftCommand implements Callable<Integer> {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @Spec private CommandSpec spec;
  @Mixin private SourceOption sources;
  @Mixin private ProgressOption progress;
  @Mixin private SeedOption seed;
  @Mixin private JsonOption json;

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

  @Override
  public Integer call() throws IOException {
    Path work = Files.createTempDirectory("tierwise-drift");
    try {
      Drift.Measured measured =
          GuaranteeBench.drift(
              new Drift.Spec(epsilon, auditRate, alpha, streams, calmStreams, seed.value()),
              sources.sources(),
              sources.scoring(seed.value(), work),
              progress.watch());
      progress.done();
      print(measured);
      if (json.wanted()) {
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
    if (measured.naming() != null) {
      print(measured.naming());
    }
  }

  private void print(Naming.Measured naming) {
    var out = spec.commandLine().getOut();
    out.printf(
        "%-28s %-20s %10s %8s %8s %9s%n", "drift", "name", "named", "median", "worst", "requests");
    for (Naming.Named each : naming.named()) {
      out.printf(
          Locale.ROOT,
          "%-28s %-20s %4d of %2d %8d %8d %9.0f%n",
          each.drift(),
          each.name().text(),
          each.named(),
          each.streams(),
          each.median(),
          each.worst(),
          each.median() / auditRate);
    }
    for (Naming.False each : naming.falseNames()) {
      out.printf(
          "%-28s %-20s %4d of %2d%n", "calm", each.name().text(), each.named(), each.streams());
    }
  }

  private static void put(ObjectNode root, Naming.Measured naming) {
    ArrayNode names = root.putArray("names");
    for (Naming.Named each : naming.named()) {
      ObjectNode node = names.addObject();
      node.put("drift", each.drift());
      node.put("name", each.name().text());
      node.put("streams", each.streams());
      node.put("named", each.named());
      node.put("medianAudits", each.median());
      node.put("worstAudits", each.worst());
    }
    ArrayNode wrong = root.putArray("falseNames");
    for (Naming.False each : naming.falseNames()) {
      ObjectNode node = wrong.addObject();
      node.put("name", each.name().text());
      node.put("streams", each.streams());
      node.put("named", each.named());
      node.put("alpha", each.alpha());
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
    if (measured.naming() != null) {
      put(root, measured.naming());
    }
    return root;
  }
}
