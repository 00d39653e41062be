package io.tierwise.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.distill.measure.MeasureJob;
import io.tierwise.distill.measure.MeasureJob.Row;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.ArtifactWriter;
import io.tierwise.student.onnx.Target;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tierwise distill measure}. */
@Command(
    name = "measure",
    mixinStandardHelpOptions = true,
    header = "Compares text artifacts: accuracy, bytes and latency.",
    description = {
      "Compares artifacts on the same texts: accuracy, bytes, and latency from text to label on one"
          + " core, taken in turns in one run together with MiniLM in single precision.",
      "A head counts with the encoder it sits on in its latency, and without it in its bytes."
    })
final class MeasureCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ProgressOption progress;
  @Mixin private AnswersOption answers;

  @Option(
      names = "--keep",
      description = "Write the figures, and the machine they are of, into the manifests as well.")
  private boolean keep;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Parameters(arity = "1..*", paramLabel = "DIR", description = "The artifacts.")
  private List<Path> artifacts;

  @Override
  public Integer call() throws IOException {
    SequencedMap<String, Artifact> opened = new LinkedHashMap<>();
    for (Path directory : artifacts) {
      opened.put(directory.toString(), Artifact.open(directory));
    }
    List<Row> rows = MeasureJob.run(opened, answers.read(), System::nanoTime, progress.watch());
    progress.done();
    if (keep) {
      keep(rows, opened);
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(json(rows));
    } else {
      print(rows, out);
    }
    return 0;
  }

  private static void keep(List<Row> rows, Map<String, Artifact> artifacts) throws IOException {
    for (Row row : rows) {
      Artifact artifact = artifacts.get(row.name());
      if (artifact != null) {
        ArtifactWriter.measured(
            artifact,
            Map.of(
                "accuracy", row.accuracy().orElseThrow(),
                "accuracyHalfWidth95", row.halfWidth(),
                "p50Micros", row.p50Micros(),
                "p50MicrosBatch32", row.p50MicrosBatch32()),
            Target.machine());
      }
    }
  }

  private static void print(List<Row> rows, PrintWriter out) {
    out.printf(
        "%-32s %15s %11s %10s %12s %9s%n",
        "artifact", "accuracy", "bytes", "p50 us", "p50 us of 32", "faster");
    for (Row row : rows) {
      String accuracy =
          row.accuracy().isPresent()
              ? "%.4f ±%.4f".formatted(row.accuracy().getAsDouble(), row.halfWidth())
              : "-";
      out.printf(
          "%-32s %15s %11d %10.1f %12.1f %8.1fx%n",
          row.name(),
          accuracy,
          row.bytes(),
          row.p50Micros(),
          row.p50MicrosBatch32(),
          row.timesFaster());
    }
  }

  private static String json(List<Row> rows) {
    ObjectNode root = new ObjectMapper().createObjectNode();
    ArrayNode list = root.putArray("artifacts");
    for (Row row : rows) {
      ObjectNode node = list.addObject().put("name", row.name());
      row.accuracy().ifPresent(accuracy -> node.put("accuracy", accuracy));
      row.accuracy().ifPresent(accuracy -> node.put("halfWidth95", row.halfWidth()));
      node.put("bytes", row.bytes())
          .put("p50Micros", row.p50Micros())
          .put("p50MicrosBatch32", row.p50MicrosBatch32())
          .put("timesFaster", row.timesFaster());
    }
    return root.toString();
  }
}
