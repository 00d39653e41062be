package io.tierwise.cli;

import io.tierwise.distill.data.Answered;
import io.tierwise.distill.data.AnsweredFile;
import io.tierwise.gateway.config.ConfigException;
import io.tierwise.gateway.config.ConfigFile;
import io.tierwise.gateway.config.Starter;
import io.tierwise.gateway.config.TierwiseConfig.Protocol;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.InputForm;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tierwise config init}. */
@Command(
    name = "init",
    mixinStandardHelpOptions = true,
    header = "Writes a small commented configuration to begin with.",
    description = {
      "Writes a small commented configuration: one task, one upstream, the rest by default.",
      "Overwrites nothing."
    })
final class ConfigInitCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "FILE",
      defaultValue = "tierwise.yaml",
      description = "A new file (default: ${DEFAULT-VALUE}).")
  private Path file = Path.of("tierwise.yaml");

  @Option(names = "--task", defaultValue = "support", description = "Default: ${DEFAULT-VALUE}.")
  private String task;

  @Option(
      names = "--labels",
      split = ",",
      paramLabel = "LABEL",
      defaultValue = "refund,delivery,other",
      description = "The task's labels (default: ${DEFAULT-VALUE}).")
  private List<String> labels = List.of();

  @Option(
      names = "--data",
      paramLabel = "FILE",
      description = "Take the labels from this file of JSON lines instead, and text or features.")
  private @Nullable Path data;

  @Option(
      names = "--label-field",
      defaultValue = "label",
      description = "Where --data has its label (default: ${DEFAULT-VALUE}).")
  private String labelField;

  @Option(
      names = "--upstream",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:8090",
      description = "The large model (default: ${DEFAULT-VALUE}, the stand-in's).")
  private String upstream;

  @Option(
      names = "--protocol",
      defaultValue = "openai",
      description = "openai or invocations (default: ${DEFAULT-VALUE}).")
  private Protocol protocol = Protocol.OPENAI;

  @Option(
      names = "--model",
      description = "What the large model's endpoint calls it (default: the task's name).")
  private @Nullable String model;

  @Option(
      names = "--api-key-from",
      paramLabel = "VARIABLE",
      description = "The environment variable that holds the endpoint's key.")
  private @Nullable String apiKeyFrom;

  @Option(
      names = "--price",
      defaultValue = "gpt-4o",
      description = "The large model's, an id of the price book (default: ${DEFAULT-VALUE}).")
  private String price;

  @Override
  public Integer call() throws IOException {
    List<Answered> rows = data == null ? List.of() : AnsweredFile.read(data, labelField);
    String text =
        new Starter(
                task,
                data == null ? labels : labelsIn(rows),
                form(rows),
                upstream,
                protocol,
                model == null ? task : model,
                apiKeyFrom,
                price)
            .text();
    try {
      Files.writeString(file, text, StandardOpenOption.CREATE_NEW);
    } catch (FileAlreadyExistsException e) {
      throw new InvalidValueException(
          file.toString(), "it is there already", "name another file, or delete this one first");
    }
    try {
      int found = ConfigFile.load(file).tasks().getFirst().labels().size();
      spec.commandLine()
          .getOut()
          .printf("%s: task %s with %d labels, large model at %s%n", file, task, found, upstream);
      return 0;
    } catch (ConfigException e) {
      Files.delete(file);
      throw e;
    }
  }

  /** What the first row holds; a file of both is told apart when it is used. */
  private static InputForm form(List<Answered> rows) {
    return rows.isEmpty()
        ? new InputForm.Text()
        : switch (rows.getFirst().input()) {
          case Input.Text first -> new InputForm.Text();
          case Input.Features first -> new InputForm.Features(first.toArray().length);
        };
  }

  private static List<String> labelsIn(List<Answered> rows) {
    return rows.stream().map(row -> row.label().value()).distinct().sorted().toList();
  }
}
