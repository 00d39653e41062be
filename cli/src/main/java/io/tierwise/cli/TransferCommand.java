package io.tierwise.cli;

import io.tierwise.distill.data.Answered;
import io.tierwise.distill.data.AnsweredFile;
import io.tierwise.distill.transfer.TransferJob;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Task;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.encoder.SentenceEncoder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tierwise distill transfer}. */
@Command(
    name = "transfer",
    mixinStandardHelpOptions = true,
    header = "Trains a head for a task on a pretrained encoder.",
    description = {
      "Trains a head for a task on a pretrained encoder (bge-small), from labelled texts.",
      "'tierwise teacher' serves it in place of a large model."
    })
final class TransferCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ProgressOption progress;

  @Option(names = "--task", required = true, description = "Name of the task.")
  private String task;

  @Option(names = "--data", required = true, paramLabel = "FILE", description = "JSON lines.")
  private Path data;

  @Option(
      names = "--label-field",
      defaultValue = "label",
      description = "Default: ${DEFAULT-VALUE}.")
  private String labelField;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "A new directory.")
  private Path out;

  @Override
  public Integer call() throws IOException {
    train(task, AnsweredFile.read(data, labelField), out, progress, spec.commandLine().getOut());
    return 0;
  }

  /** Trains a head for all labels that the examples have. */
  static void train(
      String task, List<Answered> examples, Path out, ProgressOption progress, PrintWriter printer)
      throws IOException {
    List<Label> labels =
        examples.stream()
            .map(example -> example.label().value())
            .distinct()
            .sorted()
            .map(Label::new)
            .toList();
    try (SentenceEncoder encoder = SentenceEncoder.bgeSmall(2)) {
      Artifact artifact =
          TransferJob.run(
              new Task.Classification(task, labels),
              examples,
              encoder,
              out,
              Clock.systemUTC(),
              progress.watch());
      progress.done();
      printer.printf(
          "%s: a head for %d labels, trained on %d texts%n",
          artifact.directory(), labels.size(), examples.size());
    }
  }
}
