package io.tierwise.distill.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BagWeightsTest {
  @Test
  void aColumnsLargestValueIsItsLargestByte() {
    BagWeights weights = quantized(new float[] {254, 0, -1, 0, -127, 0}, 2);

    assertArrayEquals(new float[] {2, 0}, weights.scales());
    assertArrayEquals(new byte[] {127, 0, 0, 0, -63, 0}, weights.table());
  }

  @Test
  void theGraphsHeadHoldsTheScales() {
    BagWeights weights =
        new BagWeights(
            new float[1],
            new byte[2],
            new float[] {2, 0.5f},
            new float[] {1, 2, 3, 4, 5, 6},
            new float[3]);

    assertArrayEquals(new float[] {2, 4, 6, 2, 2.5f, 3}, weights.scaledHead());
  }

  @Provide
  Arbitrary<float[]> tables() {
    return Arbitraries.floats().between(-1e4f, 1e4f).array(float[].class).ofSize(24);
  }

  @Property(tries = 500)
  void noValueMovesByMoreThanHalfAStep(
      @ForAll("tables") float[] table, @ForAll @IntRange(min = 1, max = 4) int width) {
    BagWeights weights = quantized(table, width);

    for (int i = 0; i < table.length; i++) {
      float scale = weights.scales()[i % width];
      double error = Math.abs(weights.table()[i] * (double) scale - table[i]);
      assertTrue(error <= 0.5 * scale * (1 + 1e-5), () -> error + " of a step of " + scale);
    }
  }

  private static BagWeights quantized(float[] table, int width) {
    return BagWeights.quantized(
        new float[table.length / width], table, width, new float[width], new float[1]);
  }
}
