package io.tierwise.cli;

import io.tierwise.gateway.config.ConfigException;
import io.tierwise.gateway.store.StoreException;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.Version;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.logging.LogManager;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/** The entry point of {@code ./tierwise}. */
@Command(
    name = "tierwise",
    mixinStandardHelpOptions = true,
    version = "Tierwise " + Version.CURRENT,
    description = "Answers each request from the cheapest tier that is good enough, and proves it.",
    footer = {
      "",
      "  verify     Builds everything and runs all tests.",
      "",
      "Begin with: tierwise demo",
    },
    subcommands = {
      DemoCommand.class,
      ServeCommand.class,
      TeacherCommand.class,
      DistillCommand.class,
      LadderCommand.class,
      ReplayCommand.class,
      BenchCommand.class,
      ReportCommand.class,
      BudgetsCommand.class,
      ReconcileCommand.class,
      WhatIfCommand.class,
      CapacityCommand.class,
      PricesCommand.class,
      ContractCommand.class,
      GateCommand.class,
      ReviewCommand.class,
      RegistryCommand.class,
      KeysCommand.class,
      EraseCommand.class,
      ConfigCommand.class,
      DoctorCommand.class,
      LocalCommand.class,
      InvokeCommand.class,
      PackageCommand.class,
      CompletionCommand.class
    })
public final class Main {
  /** A request that was understood and cannot be met: a bad value, a missing file. */
  static final int REFUSED = 1;

  private Main() {}

  public static void main(String[] arguments) {
    configureLogging();
    boolean serve = arguments.length > 0 && arguments[0].equals("serve");
    System.exit((serve ? serving() : commandLine()).execute(arguments));
  }

  static CommandLine commandLine() {
    return understood(new CommandLine(new Main()));
  }

  /** The same with {@code serve} alone: a start need not wait until all commands are known. */
  static CommandLine serving() {
    return understood(
        new CommandLine(
            CommandSpec.create()
                .name("tierwise")
                .addSubcommand("serve", new CommandLine(new ServeCommand()))));
  }

  private static CommandLine understood(CommandLine root) {
    return Examples.addTo(root)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(Main::explain);
  }

  /** People get the sentence; the stack is for bugs. */
  private static int explain(Exception trouble, CommandLine command, CommandLine.ParseResult result)
      throws Exception {
    return switch (trouble) {
      case InvalidValueException e ->
          refuse(command, e.field() + ": " + e.trouble() + "; " + e.fix());
      case ConfigException e -> refuse(command, String.valueOf(e.getMessage()));
      case StoreException e -> refuse(command, sentence(e));
      case UncheckedIOException e -> refuse(command, sentence(e));
      case IOException e -> refuse(command, sentence(e));
      default -> throw trouble;
    };
  }

  private static int refuse(CommandLine command, String sentence) {
    command.getErr().println("tierwise: " + sentence);
    return REFUSED;
  }

  private static String sentence(Exception trouble) {
    Throwable e =
        trouble instanceof UncheckedIOException wrapped && wrapped.getCause() != null
            ? wrapped.getCause()
            : trouble;
    String what = e.getClass().getSimpleName().replace("Exception", "");
    return e.getMessage() == null ? what : what + ": " + e.getMessage();
  }

  private static void configureLogging() {
    try (InputStream in = Main.class.getResourceAsStream("/logging.properties")) {
      LogManager.getLogManager().readConfiguration(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
