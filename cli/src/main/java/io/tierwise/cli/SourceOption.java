package io.tierwise.cli;

import io.tierwise.bench.guarantee.GuaranteeBench.Scoring;
import io.tierwise.bench.guarantee.GuaranteeBench.Source;
import io.tierwise.router.InvalidValueException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** Data sets with the large model's answers, that a student is taught half of. */
final class SourceOption {
  @Option(
      names = "--data",
      paramLabel = "FILE:FIELD",
      description = {
        "JSON lines with a field 'text' and the field with the large model's answers; repeatable.",
        "Without it only simulated traffic is measured."
      })
  private List<String> data = List.of();

  @Option(
      names = "--rows",
      defaultValue = "6000",
      description = "At most so many of each, drawn at random (default: ${DEFAULT-VALUE}).")
  private int rows;

  List<Source> sources() {
    return data.stream().map(SourceOption::source).toList();
  }

  Scoring scoring(long seed, Path work) {
    return new Scoring(rows, seed, work);
  }

  private static Source source(String text) {
    int colon = text.lastIndexOf(':');
    if (colon <= 0 || colon == text.length() - 1) {
      throw new InvalidValueException(
          "--data", "'" + text + "' names no field", "write FILE:FIELD, such as answers.jsonl:gpt");
    }
    return new Source(Path.of(text.substring(0, colon)), text.substring(colon + 1));
  }
}
