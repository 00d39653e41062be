package io.tierwise.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.bench.speed.RouterBench;
import java.io.IOException;
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
      "answers; tiers, budgets and the ledger take no time. Under JMH, on one thread."
    })
final class BenchRouterCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--iterations",
      defaultValue = "10",
      description = "Of a second each, after five to warm up (default: ${DEFAULT-VALUE}).")
  private int iterations;

  @Option(names = "--json", description = "End with one JSON object on the last line.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    RouterBench.Result result = RouterBench.run(iterations);
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        Locale.ROOT,
        "a decision takes %.2f us of a processor (%.2f us of wall time) and allocates %.0f bytes%n",
        result.nanos() / 1000,
        result.wallNanos() / 1000,
        result.bytes());
    if (json) {
      ObjectNode root = JsonNodeFactory.instance.objectNode();
      root.put("decisionMicros", result.nanos() / 1000)
          .put("decisionWallMicros", result.wallNanos() / 1000)
          .put("decisionBytes", result.bytes());
      out.println(root);
    }
    out.flush();
    return 0;
  }
}
