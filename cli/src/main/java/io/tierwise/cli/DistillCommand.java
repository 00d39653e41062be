package io.tierwise.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code tierwise distill JOB}: the offline jobs. */
@Command(
    name = "distill",
    mixinStandardHelpOptions = true,
    description = "Offline jobs that make, calibrate, certify and publish a student.",
    subcommands = {
      CycleCommand.class,
      TurnCommand.class,
      TransferCommand.class,
      LabelCommand.class,
      SplitCommand.class,
      StudentCommand.class,
      EncoderCommand.class,
      PruneWeightsCommand.class,
      PruneNeuronsCommand.class,
      FactorizeCommand.class,
      ExtractCommand.class,
      QuantizeCommand.class,
      CompileCommand.class,
      FuseCommand.class,
      UpdateCommand.class,
      MultitaskCommand.class,
      MeasureCommand.class,
      CalibrateCommand.class,
      CertifyCommand.class,
      PublishCommand.class,
      ScalingCommand.class,
      WinRouterCommand.class
    })
final class DistillCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
