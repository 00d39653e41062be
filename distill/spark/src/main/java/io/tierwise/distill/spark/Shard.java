package io.tierwise.distill.spark;

import io.tierwise.distill.parallel.Objective;
import io.tierwise.distill.train.Gradients;
import io.tierwise.distill.train.Gradients.Slope;
import java.io.Serializable;
import java.util.List;

/** A worker's part of the examples. */
record Shard<P extends Serializable>(int number, Objective<P> objective) implements Serializable {

  /** One of a JVM, made when its first shard is asked, as the engine loads its natives then. */
  private static final class Worker {
    static final Gradients GRADIENTS = new Gradients();
  }

  /**
   * @param numbers [shards][]: the batch, by the numbers that examples have in their shards
   */
  PartialSlope slope(P point, int[][] numbers) {
    int[] own = numbers[number];
    if (own.length == 0) {
      return PartialSlope.NOTHING;
    }
    Slope slope = objective.slope(Worker.GRADIENTS, point, own);
    return new PartialSlope(own.length, slope.loss(), List.copyOf(slope.gradients()));
  }
}
