package io.tierwise.cli;

import io.tierwise.distill.data.FileSplit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tierwise distill split}. */
@Command(
    name = "split",
    mixinStandardHelpOptions = true,
    header = "Deals a file's rows out to parts at random.",
    description = {
      "Deals the rows of a file out to parts at random: what trains a student must never",
      "calibrate or certify it."
    })
final class SplitCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--data", required = true, paramLabel = "FILE", description = "JSON lines.")
  private Path data;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Gets one NAME.jsonl for each part.")
  private Path out;

  @Option(
      names = "--parts",
      split = ",",
      paramLabel = "NAME=SHARE",
      defaultValue = "train=0.5,calibrate=0.15,certify=0.35",
      description = "Shares that add up to 1 (default: ${DEFAULT-VALUE}).")
  private Map<String, Double> parts = new LinkedHashMap<>();

  @Option(names = "--seed", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Override
  public Integer call() throws IOException {
    FileSplit.of(data, parts, seed)
        .write(out)
        .forEach((file, rows) -> spec.commandLine().getOut().printf("%s: %d rows%n", file, rows));
    return 0;
  }
}
