package io.tierwise.cli;

import io.tierwise.bench.Outcome;
import io.tierwise.bench.replay.Prequential;
import io.tierwise.bench.replay.PrequentialSpec;
import io.tierwise.bench.replay.Replay;
import io.tierwise.bench.replay.ReplaySpec;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.tier.TierName;
import io.tierwise.student.encoder.SentenceEncoder;
import io.tierwise.student.file.DurableFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tierwise replay}: the whole life of a student on recorded traffic. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    header = "Measures a student's whole life on recorded traffic.",
    description = {
      "Replays recorded traffic whose large model's answers are in the file: distils a student",
      "from 50 %% of it, tunes on 5 %%, certifies on 15 %% and measures on the remaining 30 %%.",
      "With --prequential it measures on all of it, as a stream that begins without a student."
    })
final class ReplayCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ProgressOption progress;

  @Mixin private RecordingOption recording;

  @Option(
      names = "--epsilon",
      description = "Share of answers that may disagree; needed without --parity.")
  private @Nullable Double epsilon;

  @Option(names = "--delta", required = true, description = "1 - confidence of the certificate.")
  private double delta;

  @Option(names = "--seed", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--prequential",
      description = {
        "Take the file as a stream, in its order: everything goes to the large model at first,",
        "students are trained, certified, watched and swapped in as answers gather, and every",
        "large call is charged."
      })
  private boolean prequential;

  @Mixin private ParityOption parity;

  @Mixin private ContestantsOption students;

  @Option(names = "--json", description = "End with one JSON object on the last line.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    Path work = Files.createTempDirectory("tierwise-replay");
    try {
      ReplaySpec replay = recording.spec(contract(), seed, work);
      if (prequential) {
        stream(out, replay);
        return 0;
      }
      Outcome outcome = Replay.run(replay, progress.watch());
      progress.done();
      if (json) {
        out.println(outcome.toLine());
      } else {
        print(out, outcome, "never trained, tuned or certified on");
      }
    } finally {
      DurableFiles.delete(work);
    }
    return 0;
  }

  private Contract contract() {
    if (parity.asked() && prequential) {
      return ParityOption.contract(delta);
    }
    if (parity.asked() || epsilon == null) {
      throw new InvalidValueException(
          parity.asked() ? "--parity" : "--epsilon",
          parity.asked() ? "it needs a stream" : "it is missing",
          parity.asked() ? "give --prequential as well" : "say what share may disagree");
    }
    return new Contract(epsilon, delta);
  }

  private void stream(PrintWriter out, ReplaySpec replay) throws IOException {
    try (SentenceEncoder encoder =
        SentenceEncoder.bgeSmall(2).remembering(Prequential.MOST_TEXTS)) {
      Prequential.Result result =
          Prequential.run(
              parity.apply(PrequentialSpec.of(replay, students.contestants())),
              Learning.workshop(encoder, progress),
              progress.watch());
      progress.done();
      if (json) {
        out.println(result.toLine());
        return;
      }
      print(out, result.outcome(), "in their order, from the first on");
      out.printf(
          "%d students tested, %d certificates in force, %d of them broken, %d alarms%n",
          result.trainings(), result.certificates(), result.violations(), result.alarms());
      if (result.lines() > 0) {
        out.printf("%d times two students in line went live%n", result.lines());
      }
      if (parity.asked()) {
        out.printf("people were asked about %d answers%n", result.reviews());
      }
    }
  }

  private static void print(PrintWriter out, Outcome outcome, String which) {
    out.printf(
        Locale.ROOT,
        "%d requests %s (trained in %.1f s)%n",
        outcome.requests(),
        which,
        outcome.trainSeconds());
    for (TierName tier : TierName.values()) {
      long served = outcome.servedBy().getOrDefault(tier, 0L);
      if (served > 0) {
        out.printf(
            Locale.ROOT,
            "  %-14s %6d  %5.1f %%%n",
            tier.text(),
            served,
            100.0 * served / outcome.requests());
      }
    }
    out.printf(
        Locale.ROOT,
        "disagreement %.2f %% (contract: %.2f %%, %s)%n",
        100 * outcome.disagreement(),
        100 * outcome.epsilon(),
        !outcome.certified() ? "not certified" : outcome.violation() ? "BROKEN" : "held");
    if (!Double.isNaN(outcome.accuracy())) {
      out.printf(
          Locale.ROOT,
          "accuracy %.1f %% (large model alone: %.1f %%)%n",
          100 * outcome.accuracy(),
          100 * outcome.largeAccuracy());
    }
    out.printf(
        "cost $%s against $%s all large: %s saved%n",
        outcome.cost().rounded(6), outcome.costAllLarge().rounded(6), outcome.saving());
  }
}
