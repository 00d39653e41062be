package io.tierwise.distill.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tierwise.distill.Kept;
import io.tierwise.distill.mlp.Dense;
import io.tierwise.distill.mlp.Mlp;
import io.tierwise.router.InvalidValueException;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Each technique against numbers worked out by hand. */
final class TechniquesTest {
  private static Mlp twoLayers() {
    return new Mlp(
        List.of(
            new Dense(2, new float[] {0.1f, -4, 3, 0.2f}, new float[2], true),
            new Dense(2, new float[] {5, -0.3f}, new float[1], false)));
  }

  @Test
  void prunesTheLeastOfAllWeightsTogether() {
    List<boolean[]> kept = new PruneWeights(0.5, false).masks(twoLayers(), 0.5);
    assertArrayEquals(new boolean[] {false, true, true, false}, kept.get(0));
    assertArrayEquals(new boolean[] {true, false}, kept.get(1));
  }

  @Test
  void prunesTheLeastOfEachLayer() {
    List<boolean[]> kept = new PruneWeights(0.75, true).masks(twoLayers(), 0.75);
    assertArrayEquals(new boolean[] {false, true, false, false}, kept.get(0));
    // Three quarters of two weights are two, rounded.
    assertArrayEquals(new boolean[] {false, false}, kept.get(1));
  }

  @Test
  void prunesMoreWithEveryStepByACubicSchedule() {
    PruneWeights pruning = new PruneWeights(0.8, false);
    assertEquals(0, pruning.at(0, 100));
    // 0.8 (1 − (1 − 37.5/75)³) = 0.8 · 0.875
    assertEquals(0.7, pruning.at(3750, 10_000), 1e-12);
    assertEquals(0.8, pruning.at(75, 100), 1e-12);
    assertEquals(0.8, pruning.at(100, 100), 1e-12);
  }

  @Property
  void asManyWeightsAreZeroAsWereAskedFor(
      @ForAll @DoubleRange(min = 0.05, max = 0.95) double share,
      @ForAll @IntRange(max = 99) int seed) {
    Mlp mlp = Mlp.random(List.of(10, 8, 3), new Random(seed));
    int kept = 0;
    for (boolean[] mask : new PruneWeights(share, false).masks(mlp, share)) {
      for (boolean each : mask) {
        kept += each ? 1 : 0;
      }
    }
    assertEquals(104 - Math.round(share * 104), kept);
  }

  @Test
  void takesOutTheUnitsThatBringLeastToTheNextLayer() {
    // Unit 0 is active and ignored, unit 1 is asleep, unit 2 is active and heard.
    Mlp mlp =
        new Mlp(
            List.of(
                new Dense(1, new float[] {5, -1, 2}, new float[] {1, 0, 0.5f}, true),
                new Dense(3, new float[] {0.01f, 9, 3}, new float[] {7}, false)));
    Mlp pruned = new PruneNeurons(new Kept(1)).prune(mlp, new float[][] {{1}, {2}});
    assertArrayEquals(new float[] {2}, pruned.layers().get(0).weights());
    assertArrayEquals(new float[] {0.5f}, pruned.layers().get(0).bias());
    assertArrayEquals(new float[] {3}, pruned.layers().get(1).weights());
    assertArrayEquals(new float[] {7}, pruned.layers().get(1).bias());
    assertThrows(
        InvalidValueException.class,
        () -> new PruneNeurons(new Kept(4)).prune(mlp, new float[][] {{1}}));
  }

  @Test
  void factorsAMatrixOfRankOneWithoutLoss() {
    float[] weights = new float[30];
    for (int i = 0; i < 6; i++) {
      for (int j = 0; j < 5; j++) {
        weights[i * 5 + j] = (i + 1) * (j - 2);
      }
    }
    Mlp mlp = new Mlp(List.of(new Dense(6, weights, new float[] {1, 2, 3, 4, 5}, true)));
    Mlp thin = Factorize.toRank(1).factorize(mlp);
    assertEquals(2, thin.layers().size());
    assertEquals(6 + 1 + 5 + 5, thin.parameters());
    float[] input = {1, -1, 2, 0, 0.5f, 3};
    assertArrayEquals(mlp.logits(input), thin.logits(input), 1e-4f);
    assertEquals(1, Factorize.keeping(0.999).factorize(mlp).layers().getFirst().outputs());
  }

  @Test
  void theRankThatKeepsTheEnergyIsTheLeast() {
    // Singular values 3, 2, 1 on a diagonal of 12 × 12: 9/14 = 0.643, 13/14 = 0.929.
    float[] weights = new float[144];
    weights[0] = 2;
    weights[13] = 3;
    weights[26] = 1;
    Mlp mlp = new Mlp(List.of(new Dense(12, weights, new float[12], false)));
    assertEquals(1, Factorize.keeping(0.6).factorize(mlp).layers().getFirst().outputs());
    assertEquals(2, Factorize.keeping(0.9).factorize(mlp).layers().getFirst().outputs());
    assertEquals(3, Factorize.keeping(0.95).factorize(mlp).layers().getFirst().outputs());
  }

  @Test
  void leavesALayerAloneThatWouldNotBeSmaller() {
    Mlp mlp = twoLayers();
    assertEquals(mlp.layers(), Factorize.toRank(2).factorize(mlp).layers());
    assertThrows(
        InvalidValueException.class,
        () -> new Factorize(OptionalInt.empty(), OptionalDouble.empty()));
  }
}
