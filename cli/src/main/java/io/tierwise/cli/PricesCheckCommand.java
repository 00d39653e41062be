package io.tierwise.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.gateway.config.PriceFile;
import io.tierwise.gateway.config.TierwiseConfig;
import io.tierwise.gateway.ledger.LedgerReader;
import io.tierwise.gateway.report.PriceCheck;
import io.tierwise.router.cost.Price;
import io.tierwise.router.ledger.LedgerEntry;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.LocalDate;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tierwise prices check}. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    header = "Names prices that are old, and what the ledger used without one.",
    description = {
      "An entry is old when it was last known to hold more than 90 days ago. Exits with 1 when the",
      "ledger has calls that no price covers, or that were charged nothing at a price."
    })
final class PricesCheckCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ConfigOption config;

  @Option(names = "--json", description = "One JSON object instead of text.")
  private boolean json;

  @Override
  public Integer call() {
    TierwiseConfig loaded = config.load();
    PriceCheck check;
    try (Stream<LedgerEntry> entries = LedgerReader.read(loaded.data().resolve("ledger"))) {
      check =
          PriceCheck.of(
              loaded, PriceFile.merged(loaded.prices()), LocalDate.now(Clock.systemUTC()), entries);
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(object(check));
    } else {
      print(check, out);
    }
    return check.unpriced().isEmpty() ? 0 : Main.REFUSED;
  }

  private static void print(PriceCheck check, PrintWriter out) {
    check.unpriced().forEach(sentence -> out.println("unpriced  " + sentence));
    for (Price price : check.old()) {
      out.printf(
          "old       %s: known to hold on %s; look at %s%n",
          price.id(), price.effectiveFrom(), price.source());
    }
    if (check.unpriced().isEmpty() && check.old().isEmpty()) {
      out.println("every price is recent, and the ledger used nothing without one");
    }
  }

  private static ObjectNode object(PriceCheck check) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    var old = root.putArray("old");
    for (Price price : check.old()) {
      old.addObject()
          .put("id", price.id())
          .put("region", price.region())
          .put("effectiveFrom", price.effectiveFrom().toString())
          .put("source", price.source());
    }
    var unpriced = root.putArray("unpriced");
    check.unpriced().forEach(unpriced::add);
    return root;
  }
}
