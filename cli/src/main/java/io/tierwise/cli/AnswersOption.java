package io.tierwise.cli;

import io.tierwise.distill.data.Answered;
import io.tierwise.distill.data.AnsweredFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** The large model's answers, the same for every job that learns from them. */
final class AnswersOption {
  @Option(
      names = "--data",
      required = true,
      paramLabel = "FILE",
      description = "Inputs with the large model's answers, as JSON lines.")
  private Path data;

  @Option(
      names = "--reference-field",
      defaultValue = AnsweredFile.REFERENCE,
      description = "The large model's answer (default: ${DEFAULT-VALUE}).")
  private String field;

  List<Answered> read() throws IOException {
    return read(data);
  }

  /** Another file of the same form. */
  List<Answered> read(Path other) throws IOException {
    return AnsweredFile.read(other, field);
  }
}
