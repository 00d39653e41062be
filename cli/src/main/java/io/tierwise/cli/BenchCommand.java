package io.tierwise.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code tierwise bench}: measurements of single parts. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Measures the gateway and single parts of it.",
    subcommands = {
      BenchGatewayCommand.class,
      BenchOverloadCommand.class,
      BenchRouterCommand.class,
      BenchStudentCommand.class,
      BenchStartCommand.class,
      BenchRehearsalCommand.class,
      BenchSoakCommand.class,
      ColdStartCommand.class,
      CurveCommand.class,
      DriftCommand.class,
      LedgerBenchCommand.class,
      ScaleCommand.class,
      SemanticCacheCommand.class,
      TraceCommand.class,
      ValidityCommand.class,
      WinRouterBenchCommand.class
    })
final class BenchCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
