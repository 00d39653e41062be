package io.tierwise.cli;

import io.tierwise.distill.data.Answered;
import io.tierwise.distill.encoder.UpdateJob;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.encoder.SentenceEncoder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tierwise distill update}. */
@Command(
    name = "update",
    mixinStandardHelpOptions = true,
    header = "Goes on training an encoder student on new references.",
    description = {
      "Goes on training an encoder student in single precision on the new references of --data, in"
          + " the order of the file and each seen once, while old ones are rehearsed. New labels are added.",
      "With --units or --bytes it is compressed again in the same go."
    })
final class UpdateCommand implements Callable<Integer> {
  @Mixin private ProgressOption progress;
  @Mixin private AnswersOption answers;
  @Mixin private OutcomeOption outcome;
  @Mixin private CompressionOption compression;

  @Option(names = "--artifact", required = true, paramLabel = "DIR", description = "The student.")
  private Path artifact;

  @Option(
      names = "--rehearse",
      required = true,
      paramLabel = "FILE",
      description = "References that it was trained on.")
  private Path rehearse;

  @Override
  public Integer call() throws IOException {
    List<Answered> arriving = answers.read();
    List<Answered> old = answers.read(rehearse);
    List<Answered> all = new ArrayList<>(old);
    all.addAll(arriving);
    try (SentenceEncoder encoder = SentenceEncoder.bgeSmall(2)) {
      Artifact updated =
          UpdateJob.run(
              Artifact.open(artifact),
              UpdateJob.Spec.of(outcome.seed()),
              arriving,
              old,
              compression.chosen() ? outcome.beside("whole") : outcome.out(),
              Learning.workshop(encoder, progress));
      updated = compression.apply(updated, all, outcome.out(), outcome.seed(), progress);
      progress.done();
      outcome.print(updated, arriving.size());
    }
    return 0;
  }
}
