package io.tierwise.cli;

import io.tierwise.distill.bag.DistillJob;
import io.tierwise.distill.bag.DistillSpec;
import io.tierwise.distill.cycle.Contestants;
import io.tierwise.distill.cycle.StudentCycle;
import io.tierwise.distill.cycle.TurnJob;
import io.tierwise.distill.parallel.Engine;
import io.tierwise.gateway.config.TierwiseConfig.FlywheelConfig;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.store.TrainingRuns;
import io.tierwise.student.encoder.SentenceEncoder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tierwise distill turn}: the job that a serving flywheel starts. */
@Command(
    name = "turn",
    mixinStandardHelpOptions = true,
    header = "Makes one turn of a task's flywheel: its student goes on trial.",
    description = {
      "What serve starts by itself for a task with flywheel.enabled: distils, calibrates and",
      "certifies as cycle does; a certified student that would answer more than the live one goes",
      "on trial, and serve makes it live by what the trial shows. One turn of a task at a time.",
      "On AWS the state machine starts it with --bucket and --contracts-table."
    })
final class TurnCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private TaskOption task;
  @Mixin private StackOption stack;
  @Mixin private EngineOption engine;
  @Mixin private ProgressOption progress;

  @Option(names = "--seed", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(names = "--reason", defaultValue = "by hand", description = "Kept in the history.")
  private String reason = "by hand";

  @Override
  public Integer call() throws IOException {
    TaskOption.Chosen chosen = task.load();
    FlywheelConfig flywheel = chosen.settings().flywheel();
    Path data = chosen.config().data();
    Clock clock = Clock.systemUTC();
    try (Database database = Database.open(data);
        StackOption.OpenStores stores = stack.open(database, chosen.config(), clock);
        Engine replicas = engine.open();
        SentenceEncoder encoder = SentenceEncoder.bgeSmall(2)) {
      StudentCycle.Result result =
          TurnJob.run(
              DistillSpec.of(chosen.task(), seed),
              chosen.settings().contract(),
              new TurnJob.Place(data, stores.stores(), new TrainingRuns(database, clock)),
              reason,
              new DistillJob.Workshop(encoder, Installation.cache(), clock, progress.watch())
                  .with(replicas),
              new Contestants(flywheel.students(), flywheel.line()));
      progress.done();
      spec.commandLine().getOut().println(chosen.settings().name() + ": " + TurnJob.words(result));
      return result.artifact() == null ? Main.REFUSED : 0;
    }
  }
}
