package io.tierwise.cli;

import io.tierwise.distill.data.Answered;
import io.tierwise.distill.data.AnsweredFile;
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
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tierwise distill update}. */
@Command(
    name = "update",
    mixinStandardHelpOptions = true,
    header = "Goes on training an encoder student on new references.",
    description = {
      "Goes on training an encoder student in single precision on new references, in the order of"
          + " the file and each seen once, while old ones are rehearsed. New labels are added.",
      "With --units or --bytes it is compressed again in the same go."
    })
final class UpdateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ProgressOption progress;
  @Mixin private CompressionOption compression;

  @Option(names = "--artifact", required = true, paramLabel = "DIR", description = "The student.")
  private Path artifact;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "FILE",
      description = "The new references as JSON lines, the oldest first.")
  private Path data;

  @Option(
      names = "--rehearse",
      required = true,
      paramLabel = "FILE",
      description = "References that it was trained on.")
  private Path rehearse;

  @Option(
      names = "--reference-field",
      defaultValue = "reference",
      description = "The large model's answer (default: ${DEFAULT-VALUE}).")
  private String referenceField;

  @Option(names = "--seed", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "A new directory.")
  private Path out;

  @Override
  public Integer call() throws IOException {
    List<Answered> arriving = AnsweredFile.read(data, referenceField);
    List<Answered> old = AnsweredFile.read(rehearse, referenceField);
    List<Answered> all = new ArrayList<>(old);
    all.addAll(arriving);
    try (SentenceEncoder encoder = SentenceEncoder.bgeSmall(2)) {
      Artifact updated =
          UpdateJob.run(
              Artifact.open(artifact),
              UpdateJob.Spec.of(seed),
              arriving,
              old,
              compression.chosen() ? Learning.beside(out, "whole") : out,
              Learning.workshop(encoder, progress));
      updated = compression.apply(updated, all, out, seed, Learning.workshop(encoder, progress));
      progress.done();
      Learning.print(spec, updated, arriving.size());
    }
    return 0;
  }
}
