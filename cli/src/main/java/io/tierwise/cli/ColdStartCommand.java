package io.tierwise.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.local.lambda.ColdStarts;
import io.tierwise.local.pack.Architecture;
import io.tierwise.local.pack.FunctionPackage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tierwise bench cold-start}. */
@Command(
    name = "cold-start",
    mixinStandardHelpOptions = true,
    header = "Measures how long the gateway's function takes to its first answer.",
    description = {
      "Starts the gateway function's process under AWS's runtime interface client, in turn with and",
      "without an AOT cache of its classes, and takes the time to its first answer by a large model",
      "that answers at once. Then the same function warm, through the HTTP API, against a function",
      "that does nothing. Beside it the packages' sizes and the processes' memory at rest."
    })
final class ColdStartCommand implements Callable<Integer> {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @Spec private CommandSpec spec;

  @Option(names = "--runs", defaultValue = "9", description = "Default: ${DEFAULT-VALUE}.")
  private int runs;

  @Option(
      names = "--requests",
      defaultValue = "2000",
      description = "Of each function when warm (default: ${DEFAULT-VALUE}).")
  private int requests;

  @Option(names = "--json", description = "End with one JSON object on the last line.")
  private boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path home = Installation.home();
    Map<String, Path> folders = Functions.build(home, "local", Architecture.own(), null);
    ObjectNode root = JSON.createObjectNode();
    try (WarmedGateway gateway = WarmedGateway.open(home, folders)) {
      cold(gateway, root);
      warm(gateway, root);
      sizes(folders, root);
    }
    if (json) {
      out().println(root);
    }
    return 0;
  }

  private void cold(WarmedGateway gateway, ObjectNode root)
      throws IOException, InterruptedException {
    ColdStarts starts = gateway.starts();
    Path cache = Files.createTempDirectory("tierwise-aot").resolve("gateway.aot");
    starts.train(cache);
    List<Duration> without = new ArrayList<>();
    List<Duration> with = new ArrayList<>();
    for (int run = 0; run < runs; run++) {
      without.add(starts.without().both());
      with.add(starts.with(cache).both());
    }
    double plain = median(without);
    double cached = median(with);
    out()
        .printf(
            Locale.ROOT,
            "cold start to the first answer, median of %d: %.0f ms, with an AOT cache %.0f ms"
                + " (ratio %.2f; the cache has %.1f MB)%n",
            runs,
            plain,
            cached,
            cached / plain,
            Files.size(cache) / 1e6);
    root.put("runs", runs).put("coldMs", plain).put("coldAotMs", cached);
    root.put("ratio", cached / plain).put("cacheBytes", Files.size(cache));
    Files.delete(cache);
  }

  private void warm(WarmedGateway gateway, ObjectNode root)
      throws IOException, InterruptedException {
    WarmedGateway.Warm warm = gateway.warm(requests);
    out()
        .printf(
            Locale.ROOT,
            "warm, through the HTTP API: p50 %.2f ms and p99 %.2f ms; a function that does nothing"
                + " %.2f and %.2f; added at the median %.2f ms%n",
            warm.gatewayMedian(),
            warm.gatewayTail(),
            warm.bareMedian(),
            warm.bareTail(),
            warm.gatewayMedian() - warm.bareMedian());
    out().printf(Locale.ROOT, "memory at rest: gateway %.0f MB%n", warm.residentBytes() / 1e6);
    root.put("warmP50Ms", warm.gatewayMedian()).put("warmP99Ms", warm.gatewayTail());
    root.put("bareP50Ms", warm.bareMedian()).put("bareP99Ms", warm.bareTail());
    root.put("addedP50Ms", warm.gatewayMedian() - warm.bareMedian());
    root.put("gatewayResidentBytes", warm.residentBytes());
  }

  private void sizes(Map<String, Path> folders, ObjectNode root) throws IOException {
    ObjectNode packages = root.putObject("packages");
    for (Map.Entry<String, Path> each : folders.entrySet()) {
      FunctionPackage.Size size = FunctionPackage.Size.of(each.getValue());
      out()
          .printf(
              Locale.ROOT,
              "package %s: %.1f MB zipped, %.1f MB unpacked%n",
              each.getKey(),
              size.zipped() / 1e6,
              size.unpacked() / 1e6);
      packages
          .putObject(each.getKey())
          .put("zippedBytes", size.zipped())
          .put("unpackedBytes", size.unpacked());
    }
  }

  private static double median(List<Duration> times) {
    double[] sorted = times.stream().mapToDouble(time -> time.toNanos() / 1e6).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
