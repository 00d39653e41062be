package io.tierwise.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.bench.capacity.ScalingIn;
import io.tierwise.bench.capacity.TraceFile;
import io.tierwise.bench.trace.Fleet;
import io.tierwise.bench.trace.Tiers;
import io.tierwise.bench.trace.TraceRun;
import io.tierwise.gateway.config.Kind;
import io.tierwise.gateway.config.PriceFile;
import io.tierwise.gateway.config.TierwiseConfig;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.cost.Money;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tierwise bench trace}. */
@Command(
    name = "trace",
    mixinStandardHelpOptions = true,
    header = "Plays a recorded hour of arrivals to simulated tiers whose large one scales.",
    description = {
      "A discrete-event simulation: requests are answered by the exact cache, the student or the"
          + " large",
      "tier, by chance in the given shares; each takes the gateway's processors what 'bench"
          + " gateway'",
      "has measured, and a large call its time of an instance. Instances follow the load as AWS's",
      "target tracking does, with a cold start. At several times the trace's callers, and at the"
          + " most",
      "with whom p99 holds; beside it the large tier alone. The same seed gives the same figures."
    })
final class TraceCommand implements Callable<Integer> {
  private static final double MOST_SPEED = 1024;

  @Spec private CommandSpec spec;
  @Mixin private ProgressOption progress;
  @Mixin private SeedOption seed;
  @Mixin private JsonOption json;

  @Option(
      names = "--trace",
      required = true,
      paramLabel = "FILE",
      description = "CSV or gzip with TIMESTAMP, ContextTokens, GeneratedTokens.")
  private Path trace;

  @Option(
      names = "--speed",
      split = ",",
      defaultValue = "1,5",
      description = "Times the trace's callers (default: ${DEFAULT-VALUE}).")
  private List<Double> speeds = List.of();

  @Option(
      names = "--p99",
      paramLabel = "SPAN",
      defaultValue = "5s",
      description = "What the highest rate is to hold (default: ${DEFAULT-VALUE}).")
  private String p99;

  @Option(
      names = "--service-time",
      paramLabel = "SPAN",
      defaultValue = "200ms",
      description = "What a large call takes of its place (default: ${DEFAULT-VALUE}).")
  private String serviceTime;

  @Option(
      names = "--per-token",
      paramLabel = "SPAN",
      defaultValue = "20ms",
      description = "What each generated token adds to it (default: ${DEFAULT-VALUE}).")
  private String perToken;

  @Option(
      names = "--exact-share",
      paramLabel = "SHARE",
      defaultValue = "0.2",
      description = "Of requests, to the exact cache; assumed (default: ${DEFAULT-VALUE}).")
  private double exactShare;

  @Option(
      names = "--student-share",
      paramLabel = "SHARE",
      defaultValue = "0.5",
      description = "Of requests, to the student; assumed (default: ${DEFAULT-VALUE}).")
  private double studentShare;

  @Option(
      names = "--processor-micros",
      split = ",",
      paramLabel = "MICROS",
      defaultValue = "46,66,185",
      description = {
        "Processor time of an exact hit, a student's answer and an escalation, as 'bench gateway'",
        "gives it (default: ${DEFAULT-VALUE})."
      })
  private List<Integer> micros = List.of();

  @Option(names = "--cores", defaultValue = "2", description = "Default: ${DEFAULT-VALUE}.")
  private int cores;

  @Option(
      names = "--concurrency",
      defaultValue = "4",
      description = "Calls that an instance works at at once (default: ${DEFAULT-VALUE}).")
  private int concurrency;

  @Option(
      names = "--instances",
      split = "-",
      paramLabel = "LEAST-MOST",
      defaultValue = "1-20",
      description = "The bounds of autoscaling (default: ${DEFAULT-VALUE}).")
  private List<Integer> instances = List.of();

  @Option(
      names = "--cold-start",
      paramLabel = "SPAN",
      defaultValue = "5m",
      description = "Until a new instance takes calls (default: ${DEFAULT-VALUE}).")
  private String coldStart;

  @Option(
      names = "--price",
      paramLabel = "ID",
      defaultValue = "sagemaker-ml.g5.xlarge",
      description = "Of an instance, from the price book (default: ${DEFAULT-VALUE}).")
  private String price;

  @Override
  public Integer call() throws IOException {
    TraceRun.Setting setting = setting();
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "%9s %8s %9s %7s %7s %9s %9s %6s %8s %9s%n",
        "callers",
        "req/s",
        "requests",
        "large",
        "refused",
        "p50 ms",
        "p99 ms",
        "most",
        "hours",
        "$");
    ArrayNode runs = root.putArray("runs");
    for (double speed : speeds) {
      runs.add(measured(out, setting, speed));
    }
    double highest = TraceRun.highest(setting, span("p99", p99), MOST_SPEED);
    progress.watch().report("highest rate", 1, 1);
    progress.done();
    root.put("highestFactor", highest);
    if (highest > 0) {
      out.printf("the most callers with a p99 of at most %s:%n", p99);
      root.set("highest", measured(out, setting, highest));
    } else {
      out.printf("a p99 of at most %s is not held with the trace's own callers%n", p99);
      root.putNull("highest");
    }
    if (json.wanted()) {
      out.println(root);
    }
    out.flush();
    return 0;
  }

  private static ObjectNode measured(PrintWriter out, TraceRun.Setting setting, double speed) {
    TraceRun run = TraceRun.of(setting, speed);
    TraceRun alone = TraceRun.of(setting.largeAlone(), speed);
    print(out, "", run);
    print(out, "alone", alone);
    ObjectNode node = run.json();
    node.set("largeAlone", alone.json());
    return node;
  }

  private static void print(PrintWriter out, String what, TraceRun run) {
    out.printf(
        Locale.ROOT,
        "%9s %8.1f %9d %7d %7d %9.2f %9.0f %6d %8.2f %9s%n",
        what.isEmpty() ? String.format(Locale.ROOT, "%.2f x", run.factor()) : what,
        run.perSecond(),
        run.requests(),
        run.large(),
        run.refused(),
        run.median().toNanos() / 1e6,
        run.p99().toNanos() / 1e6,
        run.mostInstances(),
        run.instanceHours(),
        run.cost().rounded(2));
  }

  private TraceRun.Setting setting() throws IOException {
    if (micros.size() != 3) {
      throw new InvalidValueException(
          "--processor-micros", "it has " + micros.size() + " numbers", "give three");
    }
    if (instances.size() != 2) {
      throw new InvalidValueException(
          "--instances", "it has " + instances.size() + " numbers", "give two, such as 1-20");
    }
    Tiers tiers = new Tiers(exactShare, studentShare, micros(0), micros(1), micros(2), cores);
    Fleet fleet =
        new Fleet(
            concurrency,
            instances.getFirst(),
            instances.getLast(),
            0.7,
            Duration.ofMinutes(1),
            span("cold-start", coldStart),
            Duration.ofMinutes(15),
            hourly());
    return new TraceRun.Setting(
        TraceFile.read(trace, span("service-time", serviceTime), span("per-token", perToken)),
        tiers,
        fleet,
        Duration.ofSeconds(30),
        seed.value());
  }

  private Duration micros(int index) {
    return Duration.ofNanos(1_000L * micros.get(index));
  }

  private Money hourly() {
    TierwiseConfig.Prices shipped = new TierwiseConfig.Prices("us-east-1", List.of());
    return ScalingIn.hourly(
            PriceFile.merged(shipped).price(price, LocalDate.now(Clock.systemUTC())).tariff())
        .orElseThrow(() ->
            new InvalidValueException(
                "--price", "'" + price + "' is not by the instance hour", "name one that is"));
  }

  private static Duration span(String option, String text) {
    try {
      return Kind.SPAN.parse().apply(text);
    } catch (InvalidValueException e) {
      throw new InvalidValueException("--" + option, e.trouble(), e.fix());
    }
  }
}
