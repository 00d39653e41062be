package io.tierwise.distill.spark;

import io.tierwise.distill.parallel.Crew;
import io.tierwise.distill.parallel.Engine;
import io.tierwise.distill.parallel.Objective;
import io.tierwise.distill.parallel.Replicas;
import io.tierwise.distill.parallel.Work;
import io.tierwise.router.InvalidValueException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;

/**
 * Trains and works on Spark. Submitted to a cluster, it takes the master and all settings from
 * there; else it starts a cluster of worker JVMs on this machine, one core and one replica each.
 */
public final class SparkEngine implements Engine {
  private static final String MASTER = "spark.master";

  /** Where the product's own files are; workers on this machine read them there as well. */
  private static final String HOME = "tierwise.home";

  private static final int WORKER_MEGABYTES = 1024;

  private final JavaSparkContext context;
  private final int workers;

  private SparkEngine(JavaSparkContext context, int workers) {
    this.context = context;
    this.workers = workers;
  }

  /**
   * Starts the workers, and waits until all are there.
   *
   * @param workers how many replicas there are, each with its shard of the examples
   * @throws InvalidValueException when there is no place with Spark's jars to start workers from
   */
  public static SparkEngine open(int workers) {
    return open(workers, new SparkConf());
  }

  /**
   * @param settings what is set in them wins
   */
  static SparkEngine open(int workers, SparkConf settings) {
    settings.setIfMissing("spark.app.name", "tierwise");
    if (!settings.contains(MASTER)) {
      requireJars(System.getenv("SPARK_HOME"));
      settings.setMaster("local-cluster[%d,1,%d]".formatted(workers, WORKER_MEGABYTES));
      settings.setIfMissing("spark.cores.max", Integer.toString(workers));
      settings.setIfMissing("spark.driver.host", "127.0.0.1");
      settings.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
      settings.setIfMissing("spark.ui.enabled", "false");
      shareHome(settings, System.getProperty(HOME));
    }
    // Without all of them, the first step would put every shard on whoever came first.
    settings.setIfMissing("spark.scheduler.minRegisteredResourcesRatio", "1.0");
    settings.setIfMissing("spark.scheduler.maxRegisteredResourcesWaitingTime", "120s");
    // A shard stays where it is, but rather moves to an idle worker than wait three seconds.
    settings.setIfMissing("spark.locality.wait", "50ms");
    // Gradients come back in one message, not by way of the worker's block store.
    settings.setIfMissing("spark.task.maxDirectResultSize", "64m");
    // Weights do not compress.
    settings.setIfMissing("spark.broadcast.compress", "false");
    settings.setIfMissing("spark.executorEnv.DJL_OFFLINE", "true");
    settings.setIfMissing("spark.executorEnv.OPT_OUT_TRACKING", "true");
    return new SparkEngine(new JavaSparkContext(settings), workers);
  }

  @Override
  public <P extends Serializable> Replicas<P> replicate(Objective<P> objective) {
    return new SparkReplicas<>(context, objective, workers);
  }

  @Override
  public <T extends Serializable, R extends Serializable> Crew<T, R> crew(Work<T, R> work) {
    return new SparkCrew<>(context, work, workers);
  }

  @Override
  public void close() {
    context.close();
  }

  private static void shareHome(SparkConf settings, @Nullable String home) {
    if (home != null) {
      settings.setIfMissing("spark.executor.extraJavaOptions", "\"-D%s=%s\"".formatted(HOME, home));
    }
  }

  private static void requireJars(@Nullable String home) {
    if (home == null || !Files.isDirectory(Path.of(home, "jars"))) {
      throw new InvalidValueException(
          "SPARK_HOME",
          home == null ? "it is not set" : home + "/jars is no directory",
          "start ./tierwise with --engine spark, which sets it, or submit the job to a cluster");
    }
  }
}
