package io.tierwise.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.bench.capacity.Arrivals;
import io.tierwise.bench.capacity.CapacityPlan;
import io.tierwise.bench.capacity.LargeCalls;
import io.tierwise.bench.capacity.ScalingIn;
import io.tierwise.bench.capacity.Target;
import io.tierwise.bench.capacity.TraceFile;
import io.tierwise.gateway.config.Kind;
import io.tierwise.gateway.config.PriceFile;
import io.tierwise.gateway.config.TierwiseConfig;
import io.tierwise.gateway.ledger.LedgerReader;
import io.tierwise.gateway.report.DayRange;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Tariff;
import io.tierwise.router.ledger.LedgerEntry;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tierwise capacity}: the instances that the large model's endpoint needs. */
@Command(
    name = "capacity",
    mixinStandardHelpOptions = true,
    header = "Says how many instances of the large model's endpoint the load needs.",
    description = {
      "From the ledger: the calls that the large tier got after diversion, and those it would have got",
      "alone; or from a trace of arrivals. An Erlang C queue sized for every window, corrected for",
      "bursts, and the recorded calls themselves, let through a queue, give the count without",
      "autoscaling and the bounds with it: the larger of both."
    })
final class CapacityCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ConfigOption config;
  @Mixin private LedgerOption ledger;

  @Option(
      names = "--trace",
      paramLabel = "FILE",
      description = {
        "A trace instead of the ledger: CSV or gzip with TIMESTAMP, ContextTokens, GeneratedTokens."
      })
  private @Nullable Path trace;

  @Option(
      names = "--service-time",
      paramLabel = "SPAN",
      description = "What a call of the trace takes of the model, as 200ms; with --trace.")
  private @Nullable String serviceTime;

  @Option(
      names = "--per-token",
      paramLabel = "SPAN",
      description = "What each generated token of the trace adds to it, as 20ms.")
  private @Nullable String perToken;

  @Option(
      names = "--task",
      split = ",",
      paramLabel = "NAME",
      description = "Tasks whose calls count; without it, all: an endpoint's tasks share it.")
  private List<String> tasks = List.of();

  @Option(
      names = "--latency",
      paramLabel = "SPAN",
      defaultValue = "2s",
      description = "From a call's arrival to its answer, at most (default: ${DEFAULT-VALUE}).")
  private String latency = "2s";

  @Option(
      names = "--quantile",
      paramLabel = "SHARE",
      defaultValue = "0.95",
      description = "For this share of calls (default: ${DEFAULT-VALUE}).")
  private double quantile;

  @Option(
      names = "--concurrency",
      paramLabel = "COUNT",
      defaultValue = "1",
      description = "Calls that an instance works at side by side (default: ${DEFAULT-VALUE}).")
  private int concurrency;

  @Option(
      names = "--window",
      paramLabel = "SPAN",
      defaultValue = "5m",
      description = "How fast instances are added and removed (default: ${DEFAULT-VALUE}).")
  private String window = "5m";

  @Option(
      names = "--running",
      paramLabel = "COUNT",
      description = "Instances that run now; for what scaling in would save.")
  private @Nullable Integer running;

  @Option(
      names = "--price",
      paramLabel = "ID",
      description = {
        "What an instance costs, an id from the price book billed by the instance hour; without it,",
        "the large tier's own price where that is one."
      })
  private @Nullable String price;

  @Option(names = "--json", description = "End with one JSON object on the last line.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    Target target =
        new Target(span("latency", latency), quantile, concurrency, span("window", window));
    PrintWriter out = spec.commandLine().getOut();
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    if (trace != null) {
      Duration base = span("service-time", Optional.ofNullable(serviceTime).orElse(""));
      Duration more = perToken == null ? Duration.ZERO : span("per-token", perToken);
      CapacityPlan plan = CapacityPlan.of(Arrivals.of(TraceFile.read(trace, base, more)), target);
      print(out, "the trace", plan, target);
      root.set("trace", plan.json());
      scalingIn(out, root, plan, Optional.empty(), priceOf(Optional.empty()));
    } else {
      ofTheLedger(out, root, target);
    }
    if (json) {
      out.println(root);
    }
    out.flush();
    return 0;
  }

  private void ofTheLedger(PrintWriter out, ObjectNode root, Target target) throws IOException {
    TierwiseConfig loaded = config.load();
    DayRange range = ledger.days();
    Path directory = ledger.segments(() -> loaded);
    LargeCalls calls;
    try (Stream<LedgerEntry> entries = LedgerReader.read(directory)) {
      calls = LargeCalls.of(tasks, range, entries);
    }
    CapacityPlan plan = CapacityPlan.of(calls.made(), target);
    print(out, "after diversion", plan, target);
    root.set("afterDiversion", plan.json());
    CapacityPlan alone = CapacityPlan.of(calls.alone(), target);
    print(out, "the large tier alone (estimated)", alone, target);
    root.set("largeAlone", alone.json());
    scalingIn(out, root, plan, Optional.of(calls.metered()), priceOf(Optional.of(loaded)));
  }

  private Optional<Money> priceOf(Optional<TierwiseConfig> loaded) {
    LocalDate today = LocalDate.now(Clock.systemUTC());
    if (price != null) {
      TierwiseConfig.Prices prices =
          loaded
              .map(TierwiseConfig::prices)
              .orElseGet(() -> new TierwiseConfig.Prices("us-east-1", List.of()));
      Tariff tariff = PriceFile.merged(prices).price(price, today).tariff();
      return Optional.of(
          ScalingIn.hourly(tariff)
              .orElseThrow(() ->
                  new InvalidValueException(
                      "--price",
                      "'" + price + "' is not by the instance hour",
                      "name one that is")));
    }
    return loaded.flatMap(known ->
        known.tasks().stream()
            .filter(task -> tasks.isEmpty() || tasks.contains(task.name()))
            .map(task ->
                PriceFile.merged(known.prices()).price(task.large().price(), today).tariff())
            .flatMap(tariff -> ScalingIn.hourly(tariff).stream())
            .findFirst());
  }

  private void scalingIn(
      PrintWriter out,
      ObjectNode root,
      CapacityPlan plan,
      Optional<Money> metered,
      Optional<Money> hourly) {
    metered.ifPresent(cost -> {
      out.printf("metered: $%s was charged to these calls%n", cost.rounded(4));
      root.put("metered", cost.toString());
    });
    if (hourly.isEmpty()) {
      out.println(
          "provisioned: nothing; the price is not by the instance hour (--price names one)");
      return;
    }
    ScalingIn scaling = ScalingIn.of(plan, hourly.get());
    out.printf(
        "provisioned: $%s for %d instances throughout, $%s when they follow the load%n",
        scaling.fixed().rounded(2), plan.most(), scaling.following().rounded(2));
    root.set("provisioned", scaling.json());
    if (running != null) {
      Money now = scaling.of(running);
      out.printf(
          "%d run now at $%s: %d throughout saves $%s, following the load $%s%n",
          running,
          now.rounded(2),
          plan.most(),
          now.minus(scaling.fixed()).rounded(2),
          now.minus(scaling.following()).rounded(2));
      root.put("running", running)
          .put("runningCost", now.toString())
          .put("savedFixed", now.minus(scaling.fixed()).toString())
          .put("savedFollowing", now.minus(scaling.following()).toString());
    }
  }

  private static void print(PrintWriter out, String what, CapacityPlan plan, Target target) {
    out.printf(
        Locale.ROOT,
        "%s: %d calls in %.1f h, %d ms each, variability %.1f%n",
        what,
        plan.calls(),
        plan.span().toSeconds() / 3600.0,
        plan.meanService().toMillis(),
        plan.variability());
    out.printf(
        Locale.ROOT,
        "  %d instances; autoscaling from %d to %d, %.1f instance hours%n",
        plan.most(),
        plan.least(),
        plan.most(),
        plan.instanceHours());
    out.printf(
        Locale.ROOT,
        "  the model asks for %d, the recorded calls need %d; with %d, %.4g %% take at most %d ms%n",
        plan.modelled(),
        plan.simulated(),
        plan.most(),
        100 * target.share(),
        plan.latency().toMillis());
  }

  private static Duration span(String option, String text) {
    try {
      return Kind.SPAN.parse().apply(text);
    } catch (InvalidValueException e) {
      throw new InvalidValueException("--" + option, e.trouble(), e.fix());
    }
  }
}
