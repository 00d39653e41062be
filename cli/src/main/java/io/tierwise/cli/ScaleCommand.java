package io.tierwise.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.bench.speed.Scale;
import io.tierwise.bench.speed.ScaleBench;
import io.tierwise.bench.speed.ScalePage;
import io.tierwise.student.file.DurableFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tierwise bench scale}. */
@Command(
    name = "scale",
    mixinStandardHelpOptions = true,
    header = "Measures whether a request costs the same as tasks, tenants and entries grow.",
    description = {
      "Processor time of an exact hit over tasks and tenants, of an answer read from disk over"
          + " entries",
      "of the exact cache, and of the search for the nearest over entries of the semantic one; all",
      "sizes in turns. Ratios are those of the largest size to the smallest. A size list of '0'",
      "leaves its curve out."
    })
final class ScaleCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ProgressOption progress;

  @Option(
      names = "--tasks",
      split = ",",
      defaultValue = "1,10,100,1000",
      description = "Default: ${DEFAULT-VALUE}.")
  private List<Integer> tasks = List.of();

  @Option(
      names = "--tenants",
      split = ",",
      defaultValue = "1,10,100,1000,10000",
      description = "Default: ${DEFAULT-VALUE}.")
  private List<Integer> tenants = List.of();

  @Option(
      names = "--entries",
      split = ",",
      defaultValue = "1000,10000,100000,1000000",
      description = "Up to 10000000, which take 5 GB of disk (default: ${DEFAULT-VALUE}).")
  private List<Integer> entries = List.of();

  @Option(
      names = "--semantic",
      split = ",",
      defaultValue = "1000,10000,100000",
      description = "Up to 1000000, which take an hour to index (default: ${DEFAULT-VALUE}).")
  private List<Integer> semantic = List.of();

  @Option(
      names = "--scattered",
      split = ",",
      defaultValue = "1000,10000",
      description =
          "As --semantic, of vectors in any direction, where none is near (default:"
              + " ${DEFAULT-VALUE}).")
  private List<Integer> scattered = List.of();

  @Option(names = "--out", paramLabel = "FILE", description = "Where a page of curves is written.")
  private @Nullable Path page;

  @Option(names = "--json", description = "End with one JSON object on the last line.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    ScaleBench.Options options =
        new ScaleBench.Options(
            sizes(tasks), sizes(tenants), sizes(entries), sizes(semantic), sizes(scattered));
    Path work = Files.createTempDirectory("tierwise-scale");
    try {
      List<Scale> scales = ScaleBench.run(options, work, progress.watch());
      progress.done();
      PrintWriter out = spec.commandLine().getOut();
      scales.forEach(scale -> print(out, scale));
      if (page != null) {
        Files.writeString(page, ScalePage.html(scales));
      }
      if (json) {
        out.println(json(scales));
      }
      out.flush();
      return 0;
    } finally {
      DurableFiles.delete(work);
    }
  }

  private static List<Integer> sizes(List<Integer> given) {
    return given.stream().filter(size -> size > 0).sorted().toList();
  }

  private static void print(PrintWriter out, Scale scale) {
    out.printf("%s: %s%n", scale.name(), scale.work());
    for (Scale.Point point : scale.points()) {
      out.printf(
          Locale.ROOT,
          "%,12d %9.2f us %,10.0f bytes%s%n",
          point.size(),
          point.micros(),
          point.bytes(),
          point.recall() == null
              ? ""
              : String.format(Locale.ROOT, ", nearest found %.3f", point.recall()));
    }
    out.printf(Locale.ROOT, "%12s %9.2f times the smallest%n", "", scale.ratio());
  }

  private static ObjectNode json(List<Scale> scales) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    for (Scale scale : scales) {
      ObjectNode node = root.putObject(scale.name());
      node.put("ratio", scale.ratio());
      ArrayNode points = node.putArray("points");
      for (Scale.Point point : scale.points()) {
        ObjectNode each =
            points
                .addObject()
                .put("size", point.size())
                .put("micros", point.micros())
                .put("bytes", point.bytes());
        if (point.recall() != null) {
          each.put("recall", point.recall());
        }
      }
    }
    return root;
  }
}
