package io.tierwise.cli;

import io.tierwise.gateway.config.ConfigException;
import io.tierwise.gateway.store.StoreException;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.Version;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.logging.LogManager;
import picocli.CommandLine;
import picocli.CommandLine.Command;

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
    System.exit(
        Serve.plain(arguments).map(Main::serve).orElseGet(() -> commandLine().execute(arguments)));
  }

  static CommandLine commandLine() {
    return Examples.addTo(new CommandLine(new Main()))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(Main::explain);
  }

  private static int serve(Serve serve) {
    try {
      return serve.run(new PrintWriter(System.out, true, System.out.charset()));
    } catch (Exception e) {
      explained(e).ifPresentOrElse(System.err::println, e::printStackTrace);
      return REFUSED;
    }
  }

  /** People get the sentence; the stack is for bugs. */
  private static int explain(Exception trouble, CommandLine command, CommandLine.ParseResult result)
      throws Exception {
    command.getErr().println(explained(trouble).orElseThrow(() -> trouble));
    return REFUSED;
  }

  private static Optional<String> explained(Exception trouble) {
    String sentence =
        switch (trouble) {
          case InvalidValueException e -> e.field() + ": " + e.trouble() + "; " + e.fix();
          case ConfigException e -> String.valueOf(e.getMessage());
          case StoreException e -> sentence(e);
          case UncheckedIOException e -> sentence(e);
          case IOException e -> sentence(e);
          default -> null;
        };
    return Optional.ofNullable(sentence).map(each -> "tierwise: " + each);
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
