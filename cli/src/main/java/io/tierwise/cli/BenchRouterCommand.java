package io.tierwise.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.bench.speed.RouterBench;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tierwise bench router}. */
@Command(
    name = "router",
    mixinStandardHelpOptions = true,
    header = "Measures the router's core alone.",
    description = {
      "A decision from its reservation to its receipt, where the cache misses and the student",
      "answers; tiers, budgets and the ledger take no time. One thread, median of 21 batches."
    })
final class BenchRouterCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--json", description = "End with one JSON object on the last line.")
  private boolean json;

  @Override
  public Integer call() {
    RouterBench.Result result = RouterBench.run();
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        Locale.ROOT,
        "a decision takes %.2f us and allocates %.0f bytes%n",
        result.nanos() / 1000,
        result.bytes());
    if (json) {
      ObjectNode root = JsonNodeFactory.instance.objectNode();
      root.put("decisionMicros", result.nanos() / 1000).put("decisionBytes", result.bytes());
      out.println(root);
    }
    out.flush();
    return 0;
  }
}
