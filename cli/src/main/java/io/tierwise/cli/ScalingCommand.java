package io.tierwise.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.distill.mlp.ScalingJob;
import io.tierwise.distill.parallel.Engine;
import io.tierwise.distill.parallel.Engines;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tierwise distill scaling}. */
@Command(
    name = "scaling",
    mixinStandardHelpOptions = true,
    header = "Measures what more workers do to a training step.",
    description = {
      "Trains one network on the same global batches in this process and on worker JVMs, and shows",
      "the time of a step and by how much the losses differ. The examples are random: the time of a",
      "step does not depend on what they say."
    })
final class ScalingCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ProgressOption progress;

  @Option(
      names = "--engine",
      required = true,
      paramLabel = "ENGINE",
      description = "What has the workers: spark.")
  private String engine;

  @Option(
      names = "--workers",
      split = ",",
      defaultValue = "1,2",
      paramLabel = "N",
      description = "Numbers of workers to try (default: ${DEFAULT-VALUE}).")
  private List<Integer> workers;

  @Option(
      names = "--widths",
      split = ",",
      defaultValue = "784,1000,10",
      paramLabel = "N",
      description = "Of the network's layers (default: ${DEFAULT-VALUE}).")
  private List<Integer> widths;

  @Option(names = "--examples", defaultValue = "8000", description = "Default: ${DEFAULT-VALUE}.")
  private int examples;

  @Option(
      names = "--batch",
      defaultValue = "512",
      description = "Examples in a global batch (default: ${DEFAULT-VALUE}).")
  private int batch;

  @Option(
      names = "--steps",
      defaultValue = "30",
      description = "Measured after as many to warm up (default: ${DEFAULT-VALUE}).")
  private int steps;

  @Option(names = "--seed", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(names = "--json", description = "End with one JSON object on the last line.")
  private boolean json;

  @Override
  public Integer call() {
    ScalingJob job =
        new ScalingJob(
            new ScalingJob.Spec(
                widths.stream().mapToInt(Integer::intValue).toArray(),
                examples,
                batch,
                steps,
                seed),
            System::nanoTime,
            progress.watch());
    List<ScalingJob.Row> rows = new ArrayList<>();
    try (Engine local = Engine.local()) {
      rows.add(job.baseline(local));
    }
    for (int count : workers) {
      try (Engine replicas = Engines.open(engine, count)) {
        rows.add(job.measure(engine, count, replicas));
      }
    }
    progress.done();
    print(spec.commandLine().getOut(), rows);
    return 0;
  }

  private void print(PrintWriter out, List<ScalingJob.Row> rows) {
    int cores = Runtime.getRuntime().availableProcessors();
    if (json) {
      ObjectNode root = JsonNodeFactory.instance.objectNode().put("cores", cores);
      root.put("batch", batch);
      var list = root.putArray("rows");
      for (ScalingJob.Row row : rows) {
        list.addObject()
            .put("engine", row.engine())
            .put("workers", row.workers())
            .put("stepMillis", row.stepMillis())
            .put("lossDifference", row.lossDifference());
      }
      out.println(root);
      return;
    }
    out.printf("on %d cores, batches of %d%n", cores, batch);
    for (ScalingJob.Row row : rows) {
      out.printf(
          Locale.ROOT,
          "  %-6s %2d workers  %8.1f ms a step (median)  loss differs by %.1e at most%n",
          row.engine(),
          row.workers(),
          row.stepMillis(),
          row.lossDifference());
    }
  }
}
