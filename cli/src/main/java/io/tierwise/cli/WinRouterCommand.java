package io.tierwise.cli;

import io.tierwise.distill.win.Example;
import io.tierwise.distill.win.Outcome;
import io.tierwise.distill.win.OutcomeFile;
import io.tierwise.distill.win.PromptVectors;
import io.tierwise.distill.win.WinRouterJob;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.store.GateStore;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.contract.Certificate;
import io.tierwise.router.contract.Certification;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.tier.TierName;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.encoder.SentenceEncoder;
import io.tierwise.student.registry.DirectoryRegistry;
import io.tierwise.student.registry.Registry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tierwise distill winrouter}. */
@Command(
    name = "winrouter",
    mixinStandardHelpOptions = true,
    header = "Trains the router between a weak and a strong model.",
    description = {
      "From prompts that both models answered, learns when the weak one is good enough, and tests",
      "on prompts held out that quality is at most epsilon below always asking the strong one.",
      "With --publish a certified router goes live in a gateway's data directory, where every test",
      "is counted: the next one is stricter. After an alarm of the chat's watch only outcomes that",
      "say by their time that they are from since then are taken."
    })
final class WinRouterCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ProgressOption progress;

  @Option(names = "--task", defaultValue = "chat", description = "Default: ${DEFAULT-VALUE}.")
  private String task;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "FILE",
      description =
          "JSON lines {prompt, strong_correct, weak_correct}, or with strong_score, weak_score;"
              + " turns, domain, contaminated and time (ISO 8601) where they are known. Several"
              + " files may be given.",
      arity = "1..*")
  private List<Path> data;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "A new directory.")
  private Path out;

  @Option(
      names = "--top-score",
      defaultValue = "1",
      description = "What scores are out of (default: ${DEFAULT-VALUE}).")
  private double topScore;

  @Option(
      names = "--certify-share",
      defaultValue = "0.3",
      description = "Of the prompts, held out to test on (default: ${DEFAULT-VALUE}).")
  private double certifyShare;

  @Option(
      names = "--epsilon",
      defaultValue = "0.05",
      description = "What quality may lose at most (default: ${DEFAULT-VALUE}).")
  private double epsilon;

  @Option(names = "--delta", defaultValue = "0.05", description = "Default: ${DEFAULT-VALUE}.")
  private double delta;

  @Option(names = "--seed", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--vectors",
      paramLabel = "FILE",
      description = "Where the prompts' encodings are kept for the next run.")
  private @Nullable Path vectors;

  @Option(
      names = "--publish",
      paramLabel = "DIR",
      description = "The data directory of a gateway; when certified, the router goes live there.")
  private @Nullable Path publish;

  @Override
  public Integer call() throws IOException {
    Contract contract = new Contract(epsilon, delta);
    List<Outcome> outcomes = new ArrayList<>();
    for (Path file : data) {
      outcomes.addAll(OutcomeFile.read(file, topScore));
    }
    if (publish != null) {
      try (Database database = Database.open(publish)) {
        requireSinceAlarm(new GateStore(database, Clock.systemUTC()), outcomes);
      }
    }
    WinRouterJob.Parts parts = WinRouterJob.Parts.of(outcomes, certifyShare, seed);
    try (SentenceEncoder encoder = SentenceEncoder.bgeSmallMiddle(2)) {
      PromptVectors readings = new PromptVectors(encoder, vectors, progress.watch());
      List<Example> held = readings.examples(parts.certify());
      Artifact artifact =
          WinRouterJob.train(
              task,
              readings.examples(parts.train()),
              held,
              seed,
              out,
              Clock.systemUTC(),
              progress.watch());
      progress.done();
      spec.commandLine()
          .getOut()
          .printf(
              Locale.ROOT,
              "%s: version %s, trained on %d prompts; calibration error %.4f on %d%n",
              artifact.directory(),
              artifact.manifest().version(),
              parts.train().size(),
              artifact.manifest().metrics().get("heldOutCalibrationError"),
              held.size());
      return publish == null
          ? print(WinRouterJob.certify(artifact, contract, 1, held))
          : publish(artifact, contract, held, publish);
    }
  }

  /** What was found before an alarm certifies nothing any more. */
  private void requireSinceAlarm(GateStore gates, List<Outcome> outcomes) {
    Instant since = gates.evidenceSince(task);
    long others = outcomes.stream().filter(each -> !each.isAfter(since)).count();
    if (gates.lastAlarm(task).isPresent() && others > 0) {
      throw new InvalidValueException(
          "--publish",
          ("the watch of '%s' rang at %s, and %d of %d outcomes do not say by their time that they"
                  + " are from since then")
              .formatted(task, since, others, outcomes.size()),
          ("give only such as do, or leave it out and let the audits since then certify the router:"
                  + " 'tierwise distill publish --task %s --artifact %s' makes it live, and its gate"
                  + " opens once they do")
              .formatted(task, out));
    }
  }

  private int publish(Artifact artifact, Contract contract, List<Example> held, Path directory)
      throws IOException {
    Clock clock = Clock.systemUTC();
    try (Database database = Database.open(directory)) {
      GateStore gates = new GateStore(database, clock);
      // It may have rung while the router was trained.
      requireSinceAlarm(gates, held.stream().map(Example::outcome).toList());
      Certification outcome = WinRouterJob.certify(artifact, contract, gates.spendTest(task), held);
      if (outcome instanceof Certification.Certified certified) {
        String version = artifact.manifest().version();
        String id = gates.keep(task, version, certified.certificate());
        Registry registry = new DirectoryRegistry(directory.resolve("registry"), clock);
        registry.publish(artifact.directory());
        String reason = "certified by " + id;
        registry.point(task, Registry.LIVE, version, reason);
        gates.open(task, version, id, reason);
        spec.commandLine().getOut().printf("%s is live, under certificate %s%n", version, id);
      }
      return print(outcome);
    }
  }

  private int print(Certification outcome) {
    return switch (outcome) {
      case Certification.Certified certified -> {
        Certificate certificate = certified.certificate();
        spec.commandLine()
            .getOut()
            .printf(
                Locale.ROOT,
                "certified: %d of %d lost, p = %.4g at most %.4g; the weak model answers %.1f %%,"
                    + " from a probability of %s on%n",
                certificate.losses(),
                certificate.samples(),
                certificate.pValue(),
                certificate.deltaSpent(),
                100 * certificate.coverage(),
                certificate.thresholds().of(TierName.WEAK).orElseThrow().value());
        yield 0;
      }
      case Certification.Withheld withheld -> {
        spec.commandLine()
            .getOut()
            .printf(
                "not certified (test %d): %s; %d prompts, at least %d needed%n",
                withheld.testIndex(), withheld.reason(), withheld.samples(), withheld.needed());
        yield Main.REFUSED;
      }
    };
  }
}
