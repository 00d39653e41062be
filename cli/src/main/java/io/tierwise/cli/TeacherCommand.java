package io.tierwise.cli;

import io.tierwise.distill.data.AnsweredFile;
import io.tierwise.local.TeacherOptions;
import io.tierwise.local.TeacherServer;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tierwise teacher}: the local stand-in for the large endpoint. */
@Command(
    name = "teacher",
    mixinStandardHelpOptions = true,
    header = "Runs a local stand-in for the large model.",
    description = {
      "Serves an encoder with a trained head in place of a large model: the OpenAI dialect and",
      "/invocations. Make its artifact with 'tierwise distill transfer', or here with --train.",
      "An mlp artifact answers for feature vectors, under /invocations alone."
    })
final class TeacherCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ProgressOption progress;

  @Option(
      names = "--artifact",
      required = true,
      paramLabel = "DIR",
      description = "The head, or an mlp.")
  private Path artifact;

  @Option(
      names = "--train",
      paramLabel = "FILE",
      description = "Train the head first where DIR is not there: JSON lines with text and label.")
  private @Nullable Path train;

  @Option(
      names = "--task",
      defaultValue = "stand-in",
      description = "The head's task, for --train (default: ${DEFAULT-VALUE}).")
  private String task = "stand-in";

  @Option(names = "--host", defaultValue = "127.0.0.1", description = "Default ${DEFAULT-VALUE}.")
  private String host = "127.0.0.1";

  @Option(
      names = "--port",
      defaultValue = "8090",
      description = "Default ${DEFAULT-VALUE}; 0 picks a free one.")
  private int port;

  @Option(
      names = "--added-latency-ms",
      defaultValue = "0",
      description = "Waits this long before each answer, as a larger model would.")
  private long addedLatency;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    if (train != null && !Files.exists(artifact)) {
      TransferCommand.train(task, AnsweredFile.read(train, "label"), artifact, progress, out);
    }
    TeacherOptions options =
        new TeacherOptions(host, port, artifact, 1, Duration.ofMillis(addedLatency));
    Foreground.run(
        TeacherServer.start(options),
        teacher -> out.println("teacher listening on http://" + host + ":" + teacher.port()));
    return 0;
  }
}
