package io.tierwise.distill.win;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ExtraTreesTest {
  private static final ExtraTrees.Spec SPEC = new ExtraTrees.Spec(50, 1, 1);

  @Test
  void whatFollowsFromAFeatureIsFoundForExamplesThatNoTreeSaw() {
    double[][] inputs =
        IntStream.range(0, 60).mapToObj(i -> new double[] {i % 2}).toArray(double[][]::new);
    double[] targets = IntStream.range(0, 60).mapToDouble(i -> i % 2 == 0 ? 5 : 2).toArray();
    ExtraTrees.Fitted fitted = ExtraTrees.fit(SPEC, inputs, targets, 1);
    assertArrayEquals(targets, fitted.unseen(), 1e-9);
    assertEquals(5, fitted.forest().value(new double[] {0}), 1e-9);
    assertEquals(2, fitted.forest().value(new double[] {1}), 1e-9);
  }

  /** Trees with leaves of one learn chance by heart; what they say of the unseen is of no use. */
  @Test
  void whatFollowsFromNothingIsNot() {
    SplittableRandom random = new SplittableRandom(1);
    double[][] inputs =
        IntStream.range(0, 300)
            .mapToObj(i -> new double[] {random.nextDouble()})
            .toArray(double[][]::new);
    double[] targets = IntStream.range(0, 300).mapToDouble(i -> random.nextInt(2)).toArray();
    ExtraTrees.Fitted fitted = ExtraTrees.fit(SPEC, inputs, targets, 1);
    double seen = 0;
    double unseen = 0;
    for (int i = 0; i < 300; i++) {
      seen += Math.abs(fitted.forest().value(inputs[i]) - targets[i]) / 300;
      unseen += Math.abs(fitted.unseen()[i] - targets[i]) / 300;
    }
    assertEquals(0.5, unseen, 0.05);
    assertTrue(seen < 0.3, "seen: " + seen);
  }
}
