package io.tierwise.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.bench.win.WinRouterBench;
import io.tierwise.bench.win.WinRouterBench.Measured;
import io.tierwise.bench.win.WinRouterBench.Row;
import io.tierwise.student.encoder.SentenceEncoder;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tierwise bench winrouter}. */
@Command(
    name = "winrouter",
    mixinStandardHelpOptions = true,
    header = "Measures the router between a weak and a strong model.",
    description = {
      "On RouteLLM's outcomes: MMLU (half of every domain for training), MMLU on new domains (two",
      "thirds of the domains for training), GSM8K (half for training) and MT-Bench (trained on",
      "MMLU and GSM8K alone). CPT is the percentage of calls to the strong model that closes half",
      "or four fifths of the gap between the models; APGR is the area under the curve, 0.5 for"
          + " chance."
    })
final class WinRouterBenchCommand implements Callable<Integer> {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** RouteLLM's published best, CPT(50 %), CPT(80 %) and APGR, on decontaminated prompts. */
  private static final Map<String, String> PUBLISHED =
      Map.of(
          "mmlu", "35.40 / 71.55 / 0.603",
          "gsm8k", "33.64 / 63.26 / 0.622",
          "mtbench", "13.40 / 31.31 / 0.802");

  @Spec private CommandSpec spec;
  @Mixin private ProgressOption progress;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = "A directory with mmlu*, gsm8k and mtbench as JSON lines.")
  private Path data;

  @Option(
      names = "--seeds",
      defaultValue = "5",
      description = "Splits that a figure is a mean of (default: ${DEFAULT-VALUE}).")
  private int seeds;

  @Option(
      names = "--vectors",
      paramLabel = "FILE",
      description = "Where the prompts' encodings are kept for the next run.")
  private @Nullable Path vectors;

  @Option(names = "--json", description = "End with one JSON object on the last line.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    try (SentenceEncoder encoder = SentenceEncoder.bgeSmallMiddle(2)) {
      Measured measured =
          WinRouterBench.run(
              new WinRouterBench.Spec(data, seeds, vectors), encoder, progress.watch());
      progress.done();
      print(measured);
      if (json) {
        spec.commandLine().getOut().println(json(measured));
      }
      return 0;
    }
  }

  private void print(Measured measured) {
    var out = spec.commandLine().getOut();
    out.printf(
        "%-15s %7s %7s %14s %8s %7s  %s%n",
        "", "CPT50", "CPT80", "APGR", "trained", "tested", "RouteLLM's published best");
    measured
        .rows()
        .forEach((name, row) ->
            out.printf(
                Locale.ROOT,
                "%-15s %6.2f%% %6.2f%% %6.3f ± %.3f %8d %7d  %s%n",
                name,
                row.routing().cpt50(),
                row.routing().cpt80(),
                row.routing().apgr(),
                row.spread(),
                row.trained(),
                row.tested(),
                PUBLISHED.getOrDefault(name, "")));
    out.printf(Locale.ROOT, "%.2f ms a prompt on one thread%n", measured.millisPerPrompt());
  }

  private static ObjectNode json(Measured measured) {
    ObjectNode root = JSON.createObjectNode();
    measured.rows().forEach((name, row) -> row(root.putObject(name), row));
    root.put("millisPerPrompt", rounded(measured.millisPerPrompt()));
    return root;
  }

  private static void row(ObjectNode node, Row row) {
    node.put("cpt50", rounded(row.routing().cpt50()));
    node.put("cpt80", rounded(row.routing().cpt80()));
    node.put("apgr", rounded(row.routing().apgr()));
    node.put("apgrSpread", rounded(row.spread()));
    node.put("trained", row.trained()).put("tested", row.tested());
  }

  private static BigDecimal rounded(double value) {
    return BigDecimal.valueOf(value).setScale(4, RoundingMode.HALF_EVEN);
  }
}
