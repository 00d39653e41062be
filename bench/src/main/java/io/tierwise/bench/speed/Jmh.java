package io.tierwise.bench.speed;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs the benchmarks of a class under JMH, each in a JVM of its own. */
final class Jmh {
  private static final int WARM_UPS = 5;
  private static final String ALLOCATED = "gc.alloc.rate.norm";

  private Jmh() {}

  /**
   * What one operation takes.
   *
   * @param nanos of processor time, the mean over all iterations
   * @param wallNanos of wall time on one thread, likewise; the same on a machine at rest
   * @param bytes allocated
   */
  record Cost(double nanos, double wallNanos, double bytes) {}

  /**
   * @param iterations of a second each, after {@value #WARM_UPS} to warm up
   * @return the costs by the names of the methods
   */
  static Map<String, Cost> run(Class<?> benchmarks, int iterations) throws IOException {
    Options options =
        new OptionsBuilder()
            .include("^" + Pattern.quote(benchmarks.getName()) + "\\.")
            .mode(Mode.AverageTime)
            .timeUnit(TimeUnit.NANOSECONDS)
            .forks(1)
            .warmupIterations(WARM_UPS)
            .warmupTime(TimeValue.seconds(1))
            .measurementIterations(iterations)
            .measurementTime(TimeValue.seconds(1))
            .addProfiler(GCProfiler.class)
            .addProfiler(ProcessorProfiler.class)
            .jvmArgsAppend("-Xmx512m")
            .verbosity(VerboseMode.SILENT)
            .shouldFailOnError(true)
            .build();
    try {
      Map<String, Cost> costs = new HashMap<>();
      for (RunResult result : new Runner(options).run()) {
        String method = result.getParams().getBenchmark();
        costs.put(
            method.substring(method.lastIndexOf('.') + 1),
            new Cost(
                score(result, ProcessorProfiler.NAME),
                result.getPrimaryResult().getScore(),
                score(result, ALLOCATED)));
      }
      return costs;
    } catch (RunnerException e) {
      throw new IOException("JMH could not run " + benchmarks.getName(), e);
    }
  }

  private static double score(RunResult result, String name) {
    return Objects.requireNonNull(result.getSecondaryResults().get(name), name).getScore();
  }
}
