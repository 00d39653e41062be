package io.tierwise.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.gateway.budget.StoredBudgets;
import io.tierwise.gateway.config.TierwiseConfig;
import io.tierwise.gateway.store.BudgetStore;
import io.tierwise.gateway.store.Database;
import io.tierwise.router.cost.Standing;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tierwise budgets}: where every limit stands. */
@Command(
    name = "budgets",
    mixinStandardHelpOptions = true,
    header =
        "Shows every budget and rate limit: spent, set aside, lapsed, and when it begins anew.",
    description = {
      "Reserved is set aside for requests under way. Lapsed was set aside by a process that died: what",
      "its calls cost is not known, and it counts no more."
    })
final class BudgetsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ConfigOption config;

  @Option(names = "--json", description = "One JSON object instead of text.")
  private boolean json;

  @Override
  public Integer call() {
    TierwiseConfig loaded = config.load();
    List<Standing> standings;
    try (Database database = Database.open(loaded.budgetData())) {
      standings =
          new StoredBudgets(new BudgetStore(database), loaded.limits())
              .standings(Clock.systemUTC().instant());
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(object(standings));
    } else {
      standings.forEach(standing -> print(out, standing));
      if (standings.isEmpty()) {
        out.println("there is no budget: nothing is limited");
      }
    }
    return 0;
  }

  private static void print(PrintWriter out, Standing standing) {
    out.printf(
        "%s: %s spent, %s reserved, %s lapsed%s; anew at %s%n",
        standing.limit().text(),
        standing.spent().toPlainString(),
        standing.reserved().toPlainString(),
        standing.lapsed().toPlainString(),
        standing.limit().softened(standing.taken()) ? ", beyond its soft limit" : "",
        standing.resetsAt());
  }

  private static ObjectNode object(List<Standing> standings) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    var limits = root.putArray("limits");
    for (Standing standing : standings) {
      limits
          .addObject()
          .put("scope", standing.limit().scope().text())
          .put("measure", standing.limit().measure().text())
          .put("period", standing.limit().period().text())
          .put("limit", standing.limit().amount().toPlainString())
          .put("spent", standing.spent().toPlainString())
          .put("reserved", standing.reserved().toPlainString())
          .put("lapsed", standing.lapsed().toPlainString())
          .put("soft", standing.limit().softened(standing.taken()))
          .put("resetsAt", standing.resetsAt().toString());
    }
    return root;
  }
}
