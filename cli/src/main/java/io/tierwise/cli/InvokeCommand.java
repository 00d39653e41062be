package io.tierwise.cli;

import io.tierwise.local.lambda.FunctionSettings;
import io.tierwise.local.lambda.LambdaServer;
import io.tierwise.local.lambda.Outcome;
import io.tierwise.local.lambda.Template;
import io.tierwise.router.InvalidValueException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tierwise invoke}: one function, one event. */
@Command(
    name = "invoke",
    mixinStandardHelpOptions = true,
    header = "Runs one function on one event, as 'sam local invoke' does.",
    description = {
      "Starts the function's package under AWS's runtime interface client, hands it the event, and",
      "prints its answer. Build the packages first: tierwise package --architecture x86_64."
    })
final class InvokeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "FUNCTION",
      description = "The function's folder under functions/: gateway, student, audit, …")
  private String name = "";

  @Parameters(index = "1", paramLabel = "EVENT.json", description = "The event.")
  private Path event = Path.of("");

  @Option(
      names = {"-e", "--environment"},
      paramLabel = "NAME=VALUE",
      description = "A variable of the function's; may be given more than once.")
  private Map<String, String> environment = new HashMap<>();

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path home = Installation.home();
    Template.Function function =
        Template.read(home).functions().stream()
            .filter(each -> each.name().equals(name))
            .findFirst()
            .orElseThrow(() ->
                new InvalidValueException(
                    "FUNCTION", "there is no '" + name + "'", "name a folder under functions/"));
    if (!Files.exists(function.codeUri())) {
      throw new InvalidValueException(
          "FUNCTION", "its package is not built", "run 'tierwise package' first");
    }
    Path logs = Files.createTempDirectory("tierwise-invoke");
    FunctionSettings settings =
        new FunctionSettings(
            name,
            function.codeUri(),
            function.handler(),
            function.memory(),
            function.timeout(),
            1,
            environment,
            true,
            List.of());
    try (LambdaServer lambda = LambdaServer.start(List.of(settings), logs, 0)) {
      Outcome outcome = lambda.invoke(name, Files.readAllBytes(event));
      spec.commandLine().getErr().print(Files.readString(logs.resolve(name + ".log")));
      spec.commandLine().getErr().flush();
      spec.commandLine()
          .getOut()
          .println(new String(outcome.payload(), StandardCharsets.UTF_8).strip());
      if (outcome.initialised() != null) {
        spec.commandLine()
            .getErr()
            .printf(
                Locale.ROOT,
                "init %.0f ms, answer %.1f ms%n",
                outcome.initialised().toNanos() / 1e6,
                outcome.took().toNanos() / 1e6);
      }
      return outcome.functionError() == null ? 0 : Main.REFUSED;
    }
  }
}
