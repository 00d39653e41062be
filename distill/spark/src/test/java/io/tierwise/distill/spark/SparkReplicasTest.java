package io.tierwise.distill.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tierwise.distill.train.Gradients.Slope;
import java.util.List;
import org.junit.jupiter.api.Test;

class SparkReplicasTest {
  @Test
  void everyExampleIsFoundInTheShardThatHoldsIt() {
    assertArrayEquals(
        new int[][] {{3, 0}, {}, {1, 0, 1}}, SparkReplicas.byShard(new int[] {9, 5, 0, 2, 5}, 3));
  }

  @Test
  void partsCountByTheirSizes() {
    Slope slope =
        SparkReplicas.average(
            List.of(
                new PartialSlope(3, 1, List.of(new float[] {4, 8}, new float[] {0})),
                PartialSlope.NOTHING,
                new PartialSlope(1, 5, List.of(new float[] {0, -8}, new float[] {2}))),
            4);

    assertEquals(2, slope.loss());
    assertArrayEquals(new float[] {3, 4}, slope.gradients().get(0));
    assertArrayEquals(new float[] {0.5f}, slope.gradients().get(1));
  }
}
