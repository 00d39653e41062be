package io.tierwise.cli;

import io.tierwise.distill.bag.DistillJob;
import io.tierwise.distill.bag.DistillSpec;
import io.tierwise.distill.cycle.StudentCycle;
import io.tierwise.distill.parallel.Engine;
import io.tierwise.gateway.store.Database;
import io.tierwise.router.contract.Certification;
import io.tierwise.student.encoder.SentenceEncoder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tierwise distill cycle}. */
@Command(
    name = "cycle",
    mixinStandardHelpOptions = true,
    header = "Distils, calibrates, certifies and publishes, in one go.",
    description = {
      "All of it in one go, from the answers that the gateway has kept: distils, calibrates,",
      "certifies on the audited ones and, with a certificate, publishes and opens the gate."
    })
final class CycleCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private TaskOption task;
  @Mixin private EngineOption engine;
  @Mixin private ProgressOption progress;

  @Option(names = "--seed", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "A new directory.")
  private Path out;

  @Override
  public Integer call() throws IOException {
    TaskOption.Chosen chosen = task.load();
    Path data = chosen.config().data();
    Clock clock = Clock.systemUTC();
    try (Database database = Database.open(data);
        Engine replicas = engine.open();
        SentenceEncoder encoder = SentenceEncoder.bgeSmall(2)) {
      StudentCycle.Result result =
          StudentCycle.run(
              DistillSpec.of(chosen.task(), seed),
              chosen.settings().contract(),
              StudentCycle.Stores.of(database, chosen.config(), clock),
              out,
              new DistillJob.Workshop(encoder, Installation.cache(), clock, progress.watch())
                  .with(replicas));
      progress.done();
      return print(result);
    }
  }

  private int print(StudentCycle.Result result) {
    var output = spec.commandLine().getOut();
    output.printf(
        Locale.ROOT,
        "trained on %d texts in %.1f s, tested on %d audited requests%n",
        result.trained(),
        result.seconds(),
        result.audited());
    return switch (result.certification()) {
      case Certification.Certified certified -> {
        output.printf(
            Locale.ROOT,
            "%s is live: %d of %d lost, covers %.1f %%%n",
            result.artifact(),
            certified.certificate().losses(),
            certified.certificate().samples(),
            100 * certified.certificate().coverage());
        yield 0;
      }
      case Certification.Withheld withheld -> {
        output.printf(
            "not certified: %s; %d samples, at least %d needed%n",
            withheld.reason(), withheld.samples(), withheld.needed());
        yield Main.REFUSED;
      }
    };
  }
}
