package io.tierwise.distill.spark;

import io.tierwise.distill.parallel.Objective;
import io.tierwise.distill.parallel.Replicas;
import io.tierwise.distill.train.Gradients.Slope;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;

/**
 * One shard a worker. A step broadcasts the point, has every worker differentiate the mean loss of
 * its part of the batch, and adds the answers up in the order of the shards. A step keeps nothing
 * on a worker that the next one needs: when a worker dies, Spark runs its part elsewhere, on the
 * same shard at the same point, and the sum is the same.
 */
final class SparkReplicas<P extends Serializable> implements Replicas<P> {
  private final JavaSparkContext context;
  private final List<Broadcast<Objective<P>>> parts = new ArrayList<>();
  private final JavaRDD<Shard<P>> shards;

  SparkReplicas(JavaSparkContext context, Objective<P> objective, int workers) {
    this.context = context;
    int count = Math.min(workers, objective.examples());
    for (int shard = 0; shard < count; shard++) {
      // A broadcast each: a worker fetches only the shards that it works on, once.
      parts.add(context.broadcast(objective.shard(examples(objective, shard, count))));
    }
    this.shards = shards(context, parts);
  }

  @Override
  public Slope slope(P point, int[] batch) {
    int[][] numbers = byShard(batch, parts.size());
    Broadcast<P> at = context.broadcast(point);
    try {
      return average(slopes(shards, at, numbers), batch.length);
    } finally {
      at.destroy();
    }
  }

  @Override
  public void close() {
    shards.unpersist();
    parts.forEach(Broadcast::destroy);
  }

  /** Every so manieth example, so that examples sorted by label do no harm. */
  private static int[] examples(Objective<?> objective, int shard, int count) {
    return IntStream.iterate(shard, i -> i < objective.examples(), i -> i + count).toArray();
  }

  /** [shards][]: the batch's examples by the numbers that they have in their shards. */
  static int[][] byShard(int[] batch, int count) {
    return IntStream.range(0, count)
        .mapToObj(shard ->
            Arrays.stream(batch).filter(i -> i % count == shard).map(i -> i / count).toArray())
        .toArray(int[][]::new);
  }

  /** Kept by the workers that made them. */
  private static <P extends Serializable> JavaRDD<Shard<P>> shards(
      JavaSparkContext context, List<Broadcast<Objective<P>>> parts) {
    List<Integer> numbers = IntStream.range(0, parts.size()).boxed().toList();
    return context
        .parallelize(numbers, parts.size())
        .map(number -> new Shard<>(number, parts.get(number).value()))
        .persist(StorageLevel.MEMORY_ONLY());
  }

  private static <P extends Serializable> List<PartialSlope> slopes(
      JavaRDD<Shard<P>> shards, Broadcast<P> at, int[][] numbers) {
    return shards.map(shard -> shard.slope(at.value(), numbers)).collect();
  }

  /** The mean of the parts, by their sizes. */
  static Slope average(List<PartialSlope> parts, int batch) {
    List<PartialSlope> taken = parts.stream().filter(part -> part.examples() > 0).toList();
    double loss = 0;
    List<float[]> gradients =
        taken.getFirst().gradients().stream().map(gradient -> new float[gradient.length]).toList();
    for (PartialSlope part : taken) {
      float share = (float) part.examples() / batch;
      loss += part.loss() * (double) part.examples() / batch;
      for (int i = 0; i < gradients.size(); i++) {
        add(gradients.get(i), part.gradients().get(i), share);
      }
    }
    return new Slope((float) loss, gradients);
  }

  private static void add(float[] sum, float[] gradient, float share) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += share * gradient[i];
    }
  }
}
