package io.tierwise.cli;

import io.tierwise.bench.Outcome;
import io.tierwise.bench.replay.Replay;
import io.tierwise.bench.replay.ReplaySpec;
import io.tierwise.gateway.config.PriceFile;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.cost.PriceBook;
import io.tierwise.router.tier.TierName;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
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
      "Replays recorded traffic whose large model's answers are in the file: distils a student from",
      "50 % of it, tunes on 5 %, certifies on 15 % and measures on the remaining 30 %."
    })
final class ReplayCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ProgressOption progress;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "FILE",
      description = "JSON lines with a field 'text', .jsonl or .jsonl.gz.")
  private Path data;

  @Option(
      names = "--reference-field",
      required = true,
      paramLabel = "F",
      description = "The large model's recorded answer; rows without it are skipped.")
  private String referenceField;

  @Option(names = "--label-field", paramLabel = "G", description = "The human label, if any.")
  private @Nullable String labelField;

  @Option(names = "--epsilon", required = true, description = "Share of answers that may disagree.")
  private double epsilon;

  @Option(names = "--delta", required = true, description = "1 - confidence of the certificate.")
  private double delta;

  @Option(names = "--seed", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--large-price",
      defaultValue = "gpt-4o",
      description = "The large tier's entry in the price book (default: ${DEFAULT-VALUE}).")
  private String largePrice;

  @Option(names = "--json", description = "End with one JSON object on the last line.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    Path work = Files.createTempDirectory("tierwise-replay");
    try {
      ReplaySpec replay =
          new ReplaySpec(
              data,
              referenceField,
              labelField,
              new Contract(epsilon, delta),
              seed,
              prices(),
              work,
              Installation.cache());
      Outcome outcome = Replay.run(replay, progress.watch());
      progress.done();
      if (json) {
        out.println(outcome.toLine());
      } else {
        print(out, outcome);
      }
    } finally {
      deleteTree(work);
    }
    return 0;
  }

  private ReplaySpec.Prices prices() throws IOException {
    PriceBook book = PriceFile.load(Installation.home().resolve("infra/prices/us-east-1.yaml"));
    LocalDate today = LocalDate.now(Clock.systemUTC());
    return new ReplaySpec.Prices(
        book.price("box-exact-cache", today).tariff(),
        book.price("box-student", today).tariff(),
        book.price(largePrice, today).tariff());
  }

  private static void print(PrintWriter out, Outcome outcome) {
    out.printf(
        "%d requests never trained, tuned or certified on (trained in %.1f s)%n",
        outcome.requests(), outcome.trainSeconds());
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

  private static void deleteTree(Path root) throws IOException {
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
