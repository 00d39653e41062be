package io.tierwise.distill.bag;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tierwise.student.feature.Bag;
import java.util.List;
import org.junit.jupiter.api.Test;

class RarityTest {
  private static final float HALF = (float) Math.sqrt(0.5);

  private final Rarity rarity =
      Rarity.of(
          List.of(
              new Bag(new int[] {7, 3}, new float[] {HALF, HALF}),
              new Bag(new int[] {3, 250_000}, new float[] {HALF, HALF}),
              new Bag(new int[] {3}, new float[] {1})));

  @Test
  void isTheRootOfTheSmoothedInverseFrequency() {
    float[] byBucket = rarity.toArray();

    assertEquals(1 << 18, byBucket.length);
    assertEquals(1, byBucket[3], 1e-6, "in all three: ln(4/4) = 0");
    assertEquals(Math.sqrt(1 + Math.log(2)), byBucket[7], 1e-6, "in one: ln(4/2)");
    assertEquals(Math.sqrt(1 + Math.log(4)), byBucket[8], 1e-6, "in none: ln(4/1)");
  }

  @Test
  void weighsABagAtUnitNorm() {
    Bag weighed = rarity.weigh(new Bag(new int[] {3, 8}, new float[] {0.6f, 0.8f}));

    double raised = 0.8 * Math.sqrt(1 + Math.log(4));
    double norm = Math.hypot(0.6, raised);
    assertArrayEquals(new int[] {3, 8}, weighed.buckets());
    assertArrayEquals(
        new float[] {(float) (0.6 / norm), (float) (raised / norm)}, weighed.weights(), 1e-6f);
  }

  @Test
  void knowsTheBucketsThatItHasSeenInOrder() {
    assertArrayEquals(new int[] {3, 7, 250_000}, rarity.seenBuckets());
  }

  @Test
  void handsOutACopy() {
    rarity.toArray()[3] = 9;

    assertEquals(1, rarity.toArray()[3], 1e-6);
  }
}
