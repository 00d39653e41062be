package io.tierwise.distill.mlp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.distill.Progress;
import io.tierwise.distill.data.FeatureSet;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.request.Label;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class MlpTest {
  /** [2, 2] rectified, then [2, 1]. */
  static final Mlp SMALL =
      new Mlp(
          List.of(
              new Dense(2, new float[] {1, -1, 2, 0.5f}, new float[] {0, 1}, true),
              new Dense(2, new float[] {3, -2}, new float[] {0.25f}, false)));

  /** Four corners, the label is whether the coordinates differ. */
  private static FeatureSet corners() {
    return new FeatureSet(
        List.of(new Label("same"), new Label("other")),
        new float[][] {{0, 0}, {0, 1}, {1, 0}, {1, 1}},
        new int[] {0, 1, 1, 0});
  }

  @Test
  void computesItsLayersOneAfterTheOther() {
    // (1, -2): 1·1 − 2·2 = −3 → 0; 1·(−1) − 2·0.5 + 1 = −1 → 0.
    assertArrayEquals(new float[] {0.25f}, SMALL.logits(new float[] {1, -2}));
    // (1, 1): 3 and 0.5; 3·3 − 2·0.5 + 0.25 = 8.25.
    assertArrayEquals(new float[] {3, 0.5f}, SMALL.features(new float[] {1, 1}));
    assertArrayEquals(new float[] {8.25f}, SMALL.logits(new float[] {1, 1}));
    assertEquals(9, SMALL.parameters());
  }

  @Test
  void refusesLayersThatDoNotFit() {
    Dense two = SMALL.layers().getLast();
    assertThrows(InvalidValueException.class, () -> new Mlp(List.of(two, two)));
    assertThrows(InvalidValueException.class, () -> new Mlp(List.of()));
    assertThrows(InvalidValueException.class, () -> new Dense(2, new float[3], new float[2], true));
  }

  @Test
  void learnsWhatNoLineSeparatesAndTheSameFromTheSameSeed() {
    MlpTrainer.Spec spec = new MlpTrainer.Spec(400, 4, 0.05f, 3);
    Mlp start = Mlp.random(List.of(2, 8, 2), new Random(1));
    Mlp once = MlpTrainer.train(start, corners(), spec, Progress.SILENT);
    for (int i = 0; i < 4; i++) {
      float[] logits = once.logits(corners().features()[i]);
      assertEquals(corners().classes()[i], logits[1] > logits[0] ? 1 : 0, "corner " + i);
    }
    Mlp again = MlpTrainer.train(start, corners(), spec, Progress.SILENT);
    assertArrayEquals(once.layers().getFirst().weights(), again.layers().getFirst().weights());
  }

  @Test
  void imitatesATeacherThatKnowsBetterThanTheLabels() {
    float[][] teacher = {{4, 0}, {0, 4}, {0, 4}, {4, 0}};
    FeatureSet wrong =
        new FeatureSet(corners().labels(), corners().features(), new int[] {1, 0, 0, 1});
    Mlp student =
        MlpTrainer.train(
            Mlp.random(List.of(2, 8, 2), new Random(1)),
            wrong,
            new MlpTrainer.Lessons(teacher, 1, 2),
            new MlpTrainer.Spec(400, 4, 0.05f, 3),
            MlpTrainer.Masks.NONE,
            Progress.SILENT);
    for (int i = 0; i < 4; i++) {
      float[] logits = student.logits(corners().features()[i]);
      assertEquals(teacher[i][1] > teacher[i][0], logits[1] > logits[0], "corner " + i);
    }
  }

  @Test
  void keepsWhatAMaskTookAtZeroThroughEveryStep() {
    Mlp start = Mlp.random(List.of(2, 8, 2), new Random(1));
    boolean[] first = new boolean[16];
    first[3] = true;
    first[9] = true;
    boolean[] second = new boolean[16];
    Arrays.fill(second, true);
    Mlp trained =
        MlpTrainer.train(
            start,
            corners(),
            null,
            new MlpTrainer.Spec(5, 2, 0.05f, 3),
            (step, steps, mlp) -> List.of(first, second),
            Progress.SILENT);
    float[] weights = trained.layers().getFirst().weights();
    for (int i = 0; i < weights.length; i++) {
      assertEquals(first[i], weights[i] != 0, "weight " + i);
    }
    assertTrue(start.layers().getFirst().weights()[0] != 0, "the start is left alone");
  }
}
