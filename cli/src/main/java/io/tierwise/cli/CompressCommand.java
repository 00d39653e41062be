package io.tierwise.cli;

import io.tierwise.distill.data.Answered;
import io.tierwise.distill.data.AnsweredFile;
import io.tierwise.router.InvalidValueException;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.encoder.SentenceEncoder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tierwise distill compress}. */
@Command(
    name = "compress",
    mixinStandardHelpOptions = true,
    description = "Prunes and quantizes an encoder student that is in single precision.")
final class CompressCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ProgressOption progress;
  @Mixin private CompressionOption compression;

  @Option(names = "--artifact", required = true, paramLabel = "DIR", description = "The student.")
  private Path artifact;

  @Option(names = "--data", required = true, paramLabel = "FILE", description = "JSON lines.")
  private Path data;

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
    if (!compression.chosen()) {
      throw new InvalidValueException(
          "--units, --bytes", "neither is given", "say what to do: prune, quantize, or both");
    }
    List<Answered> examples = AnsweredFile.read(data, referenceField);
    try (SentenceEncoder encoder = SentenceEncoder.bgeSmall(2)) {
      Artifact compressed =
          compression.apply(
              Artifact.open(artifact), examples, out, seed, Learning.workshop(encoder, progress));
      progress.done();
      spec.commandLine()
          .getOut()
          .printf(
              "%s: version %s, %s%n",
              compressed.directory(),
              compressed.manifest().version(),
              compressed.manifest().metrics());
    }
    return 0;
  }
}
