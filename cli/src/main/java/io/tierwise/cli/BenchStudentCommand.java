package io.tierwise.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.bench.speed.StudentBench;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tierwise bench student}. */
@Command(
    name = "student",
    mixinStandardHelpOptions = true,
    header = "Measures a student beside the bare call of ONNX Runtime in it.",
    description = {
      "From a text to its calibrated label, for a bag of usual size with random weights; beside it",
      "ONNX Runtime alone on the same numbers. Under JMH, on one thread, one after the other."
    })
final class BenchStudentCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--iterations",
      defaultValue = "10",
      description = "Of a second each, after five to warm up (default: ${DEFAULT-VALUE}).")
  private int iterations;

  @Option(names = "--json", description = "End with one JSON object on the last line.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    StudentBench.Result result = StudentBench.run(iterations);
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        Locale.ROOT,
        "the student takes %.1f us and %.0f bytes, ONNX Runtime alone %.1f us: %.2f times%n",
        result.studentNanos() / 1000,
        result.studentBytes(),
        result.rawNanos() / 1000,
        result.studentToRaw());
    if (json) {
      ObjectNode root = JsonNodeFactory.instance.objectNode();
      root.put("studentMicros", result.studentNanos() / 1000);
      root.put("studentBytes", result.studentBytes());
      root.put("rawMicros", result.rawNanos() / 1000);
      root.put("machine", result.machine());
      root.put("studentToRaw", result.studentToRaw());
      out.println(root);
    }
    out.flush();
    return 0;
  }
}
