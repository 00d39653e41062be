package io.tierwise.distill.spark;

import java.io.Serializable;
import java.util.List;

/**
 * What a shard says of its part of a batch.
 *
 * @param examples how many of the batch it holds
 * @param loss their mean loss
 * @param gradients of that mean; none where the shard holds none of the batch
 */
record PartialSlope(int examples, float loss, List<float[]> gradients) implements Serializable {
  static final PartialSlope NOTHING = new PartialSlope(0, 0, List.of());
}
