package io.tierwise.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.bench.whatif.Change;
import io.tierwise.bench.whatif.Range;
import io.tierwise.bench.whatif.Risk;
import io.tierwise.bench.whatif.TaskOutcome;
import io.tierwise.bench.whatif.WhatIf;
import io.tierwise.gateway.config.ConfigFile;
import io.tierwise.gateway.config.PriceFile;
import io.tierwise.gateway.config.TierwiseConfig;
import io.tierwise.gateway.config.TierwiseConfig.TaskConfig;
import io.tierwise.gateway.ledger.LedgerReader;
import io.tierwise.gateway.store.AuditRow;
import io.tierwise.gateway.store.AuditStore;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.store.GateStore;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.Certification;
import io.tierwise.router.contract.Certifier;
import io.tierwise.router.contract.ConfidenceGrid;
import io.tierwise.router.contract.Thresholds;
import io.tierwise.router.cost.PriceBook;
import io.tierwise.router.tier.TierName;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tierwise whatif}: the ledger under another policy. */
@Command(
    name = "whatif",
    mixinStandardHelpOptions = true,
    header = "Replays the ledger under another configuration: what it would have cost, and risked.",
    description = {
      "Prices are the new configuration's. Thresholds are --threshold's; or, where a task's"
          + " contract",
      "changes, what certifying the new one on the audits of the live artifact would give (nothing"
          + " is",
      "spent or moved); or as they were. What a ledger cannot know, such as what a tier that was"
          + " not",
      "tried would have said, is bounded. Risk is told from the audited requests."
    })
final class WhatIfCommand implements Callable<Integer> {
  private static final int DECIMALS = 6;

  @Spec private CommandSpec spec;
  @Mixin private ConfigOption config;
  @Mixin private LedgerOption ledger;

  @Option(
      names = "--policy",
      required = true,
      paramLabel = "FILE",
      description = "The other configuration, as a tierwise.yaml.")
  private Path policy = Path.of("");

  @Option(
      names = "--threshold",
      paramLabel = "TIER=CONFIDENCE",
      description = "The least confidence that passes, as student=0.9; of every task.")
  private Map<String, Double> thresholds = Map.of();

  @Option(names = "--json", description = "End with one JSON object on the last line.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    TierwiseConfig now = config.load();
    TierwiseConfig next = ConfigFile.load(policy);
    Path directory = ledger.data(() -> now);
    Map<String, List<AuditRow>> audits = new LinkedHashMap<>();
    Map<String, Change> changes = new LinkedHashMap<>();
    if (!Files.exists(directory.resolve(Database.FILE))) {
      throw new InvalidValueException(
          "data", "there is no gateway's data in " + directory, "name a gateway's data directory");
    }
    try (Database database = Database.open(directory)) {
      for (TaskConfig task : next.tasks()) {
        List<AuditRow> rows = new AuditStore(database, Clock.systemUTC()).rows(task.name());
        audits.put(task.name(), rows);
        changes.put(task.name(), change(now, next, task, rows, database));
      }
    }
    WhatIf whatIf =
        WhatIf.of(
            changes, audits, ledger.days(), () -> LedgerReader.read(directory.resolve("ledger")));
    PrintWriter out = spec.commandLine().getOut();
    whatIf.outcomes().forEach(outcome -> print(out, outcome, changes.get(outcome.task())));
    whatIf
        .leftOut()
        .forEach((task, count) ->
            out.printf("left out: %d entries of task %s, which the policy lacks%n", count, task));
    if (json) {
      ObjectNode root = JsonNodeFactory.instance.objectNode();
      var tasks = root.putArray("tasks");
      whatIf.outcomes().forEach(outcome -> tasks.add(outcome.json()));
      ObjectNode leftOut = root.putObject("leftOut");
      whatIf.leftOut().forEach(leftOut::put);
      out.println(root);
    }
    out.flush();
    return 0;
  }

  private Change change(
      TierwiseConfig now,
      TierwiseConfig next,
      TaskConfig task,
      List<AuditRow> rows,
      Database database) {
    PriceBook book = PriceFile.merged(next.prices());
    LocalDate today = LocalDate.now(Clock.systemUTC());
    return new Change(
        Map.of(
            TierName.EXACT_CACHE, book.price(task.exactCache().price(), today).tariff(),
            TierName.STUDENT, book.price(task.student().price(), today).tariff(),
            TierName.SECOND_STUDENT, book.price(task.student().price(), today).tariff(),
            TierName.LARGE, book.price(task.large().price(), today).tariff()),
        given()
            .or(() -> certified(now, task, rows, new GateStore(database, Clock.systemUTC())))
            .orElse(null));
  }

  private Optional<Thresholds> given() {
    if (thresholds.isEmpty()) {
      return Optional.empty();
    }
    Map<TierName, Confidence> byTier = new EnumMap<>(TierName.class);
    thresholds.forEach((name, value) -> byTier.put(tier(name), new Confidence(value)));
    return Optional.of(new Thresholds(byTier));
  }

  private static TierName tier(String name) {
    for (TierName tier : TierName.values()) {
      if (tier.text().equals(name)) {
        return tier;
      }
    }
    throw new InvalidValueException(
        "--threshold", "there is no tier '" + name + "'", "use student or semantic-cache");
  }

  /** What the next test would certify, were it spent; empty where the contract is the same. */
  private static Optional<Thresholds> certified(
      TierwiseConfig now, TaskConfig task, List<AuditRow> rows, GateStore gates) {
    boolean same =
        now.tasks().stream()
            .anyMatch(other ->
                other.name().equals(task.name()) && other.contract().equals(task.contract()));
    if (same || rows.isEmpty()) {
      return Optional.empty();
    }
    String artifact = rows.getLast().artifact();
    Certification certification =
        Certifier.certify(
            task.contract(),
            gates.testsSpent(task.name()) + 1,
            ConfidenceGrid.path(),
            rows.stream()
                .filter(row -> artifact != null && artifact.equals(row.artifact()))
                .map(AuditRow::sample)
                .toList());
    return Optional.of(
        switch (certification) {
          case Certification.Certified held -> held.certificate().thresholds();
          case Certification.Withheld withheld -> Thresholds.NONE;
        });
  }

  private static void print(PrintWriter out, TaskOutcome outcome, @Nullable Change change) {
    Thresholds thresholds = change == null ? null : change.thresholds();
    out.printf(
        "task %s: %d requests, thresholds %s%n",
        outcome.task(),
        outcome.requests(),
        thresholds == null
            ? "as they were"
            : thresholds.byTier().isEmpty() ? "none: the gate is shut" : thresholds.byTier());
    out.printf(
        "  cost        $%s recorded, %s after: %s%n",
        outcome.recorded().rounded(DECIMALS), words(outcome.after()), words(outcome.difference()));
    out.printf(
        Locale.ROOT,
        "  large calls %d recorded, %.0f after, between %d and %d%n",
        outcome.largeBefore(),
        outcome.largeExpected(),
        outcome.largeLeast(),
        outcome.largeMost());
    Risk risk = outcome.risk();
    if (risk.audits() == 0) {
      out.println("  risk        no audit in these days: it cannot be told");
      return;
    }
    out.printf(
        Locale.ROOT,
        "  risk        %d of %d audits lost [%.4f, %.4f], after %d [%.4f, %.4f];"
            + " difference [%+.4f, %+.4f]%n",
        risk.lostBefore(),
        risk.audits(),
        risk.before().lower(),
        risk.before().upper(),
        risk.lostAfter(),
        risk.after().lower(),
        risk.after().upper(),
        risk.difference()[0],
        risk.difference()[1]);
  }

  private static String words(Range range) {
    return range.low().equals(range.high())
        ? "$" + range.expected().rounded(DECIMALS)
        : "$%s [$%s, $%s]"
            .formatted(
                range.expected().rounded(DECIMALS),
                range.low().rounded(DECIMALS),
                range.high().rounded(DECIMALS));
  }
}
