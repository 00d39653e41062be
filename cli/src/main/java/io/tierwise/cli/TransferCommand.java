package io.tierwise.cli;

import io.tierwise.distill.data.Answered;
import io.tierwise.distill.data.AnsweredFile;
import io.tierwise.distill.encoder.FineTuneJob;
import io.tierwise.distill.transfer.TransferJob;
import io.tierwise.router.request.Task;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.encoder.SentenceEncoder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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
  private static final List<Float> PENALTIES = List.of(3e-4f, 1e-4f, 3e-5f, 1e-5f, 3e-6f);

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

  @Option(
      names = "--penalty",
      paramLabel = "NUMBER",
      description = "Of large weights. Default: the best of several on examples held out.")
  private @Nullable Float penalty;

  @Option(
      names = "--unfrozen",
      paramLabel = "LAYERS",
      defaultValue = "0",
      description =
          "Train so many top layers of MiniLM along with the head, in place of a head alone on"
              + " bge-small; the result is a student of shape 'encoder'.")
  private int unfrozen;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "With --unfrozen (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Override
  public Integer call() throws IOException {
    List<Answered> examples = AnsweredFile.read(data, labelField);
    if (unfrozen == 0) {
      head(examples);
    } else {
      fineTune(examples, unfrozen);
    }
    return 0;
  }

  /** Trains a head for all labels that the examples have. */
  static void train(
      String task, List<Answered> examples, Path out, ProgressOption progress, PrintWriter printer)
      throws IOException {
    try (SentenceEncoder encoder = SentenceEncoder.bgeSmall(2)) {
      Artifact artifact =
          TransferJob.run(
              Learning.task(task, examples),
              examples,
              encoder,
              out,
              Clock.systemUTC(),
              progress.watch());
      progress.done();
      print(artifact, examples, printer);
    }
  }

  private void head(List<Answered> examples) throws IOException {
    List<Float> penalties = penalty == null ? PENALTIES : List.of(penalty);
    Task.Classification labels = Learning.task(task, examples);
    try (SentenceEncoder encoder = SentenceEncoder.bgeSmall(2)) {
      Artifact artifact =
          TransferJob.run(
              labels, penalties, examples, encoder, out, Clock.systemUTC(), progress.watch());
      progress.done();
      print(artifact, examples, spec.commandLine().getOut());
    }
  }

  private void fineTune(List<Answered> examples, int layers) throws IOException {
    FineTuneJob.Spec recipe = FineTuneJob.Spec.of(Learning.task(task, examples), layers, seed);
    try (SentenceEncoder encoder = SentenceEncoder.bgeSmall(2)) {
      Artifact artifact =
          FineTuneJob.run(recipe, examples, out, Learning.workshop(encoder, progress));
      progress.done();
      print(artifact, examples, spec.commandLine().getOut());
    }
  }

  private static void print(Artifact artifact, List<Answered> examples, PrintWriter printer) {
    printer.printf(
        "%s: a head for %d labels, trained on %d texts%n",
        artifact.directory(), artifact.manifest().labels().size(), examples.size());
  }
}
