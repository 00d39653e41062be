package io.tierwise.cli;

import io.tierwise.distill.label.ConfiguredModel;
import io.tierwise.distill.label.LabelJob;
import io.tierwise.distill.parallel.Engine;
import io.tierwise.gateway.LargeModel;
import io.tierwise.gateway.tier.Surroundings;
import io.tierwise.router.cost.Money;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tierwise distill label}. */
@Command(
    name = "label",
    mixinStandardHelpOptions = true,
    header = "Asks the large model for its answers to a file of texts or feature vectors.",
    description = {
      "Asks the task's large model for its answer to every row of a file. Run it again to go on",
      "where it was cut off, and to ask again what got no answer. With --engine spark workers ask,",
      "a batch each at a time; they read the same configuration file."
    })
final class LabelCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private TaskOption task;
  @Mixin private EngineOption engine;
  @Mixin private ProgressOption progress;

  @Option(names = "--data", required = true, paramLabel = "FILE", description = "JSON lines.")
  private Path data;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "Where answers are appended, as JSON lines with a field 'reference'.")
  private Path out;

  @Option(
      names = "--budget",
      defaultValue = "10",
      paramLabel = "USD",
      description = "Stop asking once this much is spent (default: ${DEFAULT-VALUE}).")
  private String budget;

  @Override
  public Integer call() throws IOException {
    TaskOption.Chosen chosen = task.load();
    LabelJob.Spec labels =
        new LabelJob.Spec(chosen.task(), data, out, Money.of(budget), patience(chosen));
    ConfiguredModel large =
        new ConfiguredModel(task.file().toAbsolutePath().toString(), chosen.settings().name());
    try (Engine workers = engine.open()) {
      LabelJob.Summary summary = LabelJob.run(labels, large, workers, progress.watch());
      progress.done();
      spec.commandLine()
          .getOut()
          .printf(
              "%d asked for $%s, %d answered before, %d without an answer, %d left by the budget%n",
              summary.asked(), summary.cost(), summary.reused(), summary.failed(), summary.left());
      if (summary.repeated() > 0) {
        spec.commandLine()
            .getOut()
            .printf(
                "%d were with a worker that was lost, and may have been charged twice: their cost"
                    + " is counted twice%n",
                summary.repeated());
      }
      return summary.failed() + summary.left() == 0 ? 0 : Main.REFUSED;
    }
  }

  /** Opens the model as the workers will, so that what it lacks is said at once. */
  private static Duration patience(TaskOption.Chosen chosen) throws IOException {
    try (LargeModel large =
        LargeModel.open(
            chosen.config(),
            chosen.settings(),
            Surroundings.of(Clock.systemUTC(), new SecureRandom()))) {
      return large.patience();
    }
  }
}
