package io.tierwise.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.bench.speed.StartBench;
import io.tierwise.student.file.DurableFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code tierwise bench start}. */
@Command(
    name = "start",
    mixinStandardHelpOptions = true,
    header = "Measures how fast serve starts, and what it holds at rest.",
    description = {
      "From the start of the process to the first answer, of a student, with the launcher's cache"
          + " of",
      "loaded and linked classes and without it, in turns; and resident memory at rest."
    })
final class BenchStartCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ProgressOption progress;
  @Mixin private RoundsOption rounds;
  @Mixin private JsonOption json;

  @Override
  public Integer call() throws IOException {
    Path work = Files.createTempDirectory("tierwise-bench");
    try {
      StartBench.Result result =
          StartBench.run(rounds.value(), BenchGatewayCommand.programs(), work, progress.watch());
      progress.done();
      PrintWriter out = spec.commandLine().getOut();
      out.printf(
          Locale.ROOT,
          "first answer after %.0f ms, without the cache %.0f ms; %.0f MB resident at rest%n",
          result.withCacheMillis(),
          result.withoutCacheMillis(),
          result.restMegabytes());
      if (json.wanted()) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("firstAnswerMillis", result.withCacheMillis());
        root.put("firstAnswerWithoutCacheMillis", result.withoutCacheMillis());
        root.put("residentMegabytes", result.restMegabytes());
        root.put("withToWithoutCache", result.withToWithout());
        out.println(root);
      }
      out.flush();
      return 0;
    } finally {
      DurableFiles.delete(work);
    }
  }
}
