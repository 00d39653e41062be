package io.tierwise.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.bench.guarantee.GuaranteeBench;
import io.tierwise.bench.guarantee.Validity;
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

/** {@code tierwise bench validity}. */
@Command(
    name = "validity",
    mixinStandardHelpOptions = true,
    header = "Measures how often a certificate is false, and how much it covers.",
    description = {
      "Certifies students on draws from traffic whose true risk is known: simulated, and with",
      "--data the half of a data set that its student never saw, drawn with replacement. Beside",
      "the certificates: an oracle that knows the true risk, and the binomial fixed-sequence test."
    })
final class ValidityCommand implements Callable<Integer> {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @Spec private CommandSpec spec;
  @Mixin private SourceOption sources;
  @Mixin private ProgressOption progress;

  @Option(names = "--simulated", defaultValue = "400", description = "Runs (default: 400).")
  private int simulated;

  @Option(
      names = "--resampled",
      defaultValue = "100",
      description = "Runs on each data set (default: ${DEFAULT-VALUE}).")
  private int resampled;

  @Option(
      names = "--audits",
      defaultValue = "1000",
      description = "In each run (default: ${DEFAULT-VALUE}).")
  private int audits;

  @Option(
      names = "--epsilon",
      split = ",",
      defaultValue = "0.05,0.02",
      description = "Shares that may disagree (default: ${DEFAULT-VALUE}).")
  private List<Double> epsilons;

  @Option(names = "--delta", defaultValue = "0.05", description = "Default: ${DEFAULT-VALUE}.")
  private double delta;

  @Option(names = "--seed", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(names = "--json", description = "End with one JSON object on the last line.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    Path work = Files.createTempDirectory("tierwise-validity");
    try {
      List<Validity.Row> rows =
          GuaranteeBench.validity(
              new Validity.Spec(simulated, resampled, audits, epsilons, delta, seed),
              sources.sources(),
              sources.scoring(seed, work),
              progress.watch());
      progress.done();
      print(rows);
      if (json) {
        spec.commandLine().getOut().println(json(rows));
      }
      return rows.stream().allMatch(row -> row.unsound() <= row.allowed()) ? 0 : Main.REFUSED;
    } finally {
      DurableFiles.delete(work);
    }
  }

  private void print(List<Validity.Row> rows) {
    var out = spec.commandLine().getOut();
    out.printf(
        "%-24s %7s %5s %8s %8s %8s %8s %8s %8s %7s%n",
        "traffic",
        "epsilon",
        "runs",
        "false",
        "allowed",
        "covers",
        "binomial",
        "oracle",
        "of it",
        "ahead");
    for (Validity.Row row : rows) {
      out.printf(
          Locale.ROOT,
          "%-24s %7.3f %5d %7.2f%% %7.2f%% %7.2f%% %7.2f%% %7.2f%% %7.2f%% %7d%n",
          row.data(),
          row.epsilon(),
          row.runs(),
          100 * row.unsound(),
          100 * row.allowed(),
          100 * row.coverage(),
          100 * row.plain(),
          100 * row.oracle(),
          100 * row.coverage() / row.oracle(),
          row.ahead());
    }
  }

  private ObjectNode json(List<Validity.Row> rows) {
    ObjectNode root = JSON.createObjectNode();
    root.put("audits", audits);
    root.put("delta", delta);
    ArrayNode list = root.putArray("rows");
    for (Validity.Row row : rows) {
      ObjectNode node = list.addObject();
      node.put("data", row.data());
      node.put("epsilon", row.epsilon());
      node.put("runs", row.runs());
      node.put("falseCertificates", row.unsound());
      node.put("allowed", row.allowed());
      node.put("coverage", row.coverage());
      node.put("oracleCoverage", row.oracle());
      node.put("ofOracle", row.coverage() / row.oracle());
      ObjectNode plain = node.putObject("binomial");
      plain.put("falseCertificates", row.unsoundPlain());
      plain.put("coverage", row.plain());
      plain.put("ofOracle", row.plain() / row.oracle());
      node.put("runsAhead", row.ahead());
      node.put("runsBehind", row.behind());
    }
    return root;
  }
}
