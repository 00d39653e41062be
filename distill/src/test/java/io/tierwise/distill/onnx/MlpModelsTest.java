package io.tierwise.distill.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.distill.mlp.Dense;
import io.tierwise.distill.mlp.Mlp;
import io.tierwise.distill.onnx.MlpModels.Range;
import io.tierwise.router.InvalidValueException;
import io.tierwise.student.onnx.OnnxModel;
import io.tierwise.student.onnx.Tensor;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class MlpModelsTest {
  private final Random random = new Random(5);
  private final Mlp mlp = Mlp.random(List.of(20, 16, 3), random);

  private float[] input() {
    float[] values = new float[20];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat();
    }
    return values;
  }

  private static float[] run(byte[] graph, float[]... inputs) throws IOException {
    float[] values = new float[inputs.length * inputs[0].length];
    for (int i = 0; i < inputs.length; i++) {
      System.arraycopy(inputs[i], 0, values, i * inputs[0].length, inputs[0].length);
    }
    try (OnnxModel model = OnnxModel.load("test", graph)) {
      return model
          .forward(new Tensor.Floats("features", values, inputs.length, inputs[0].length))
          .values();
    }
  }

  @Test
  void itsGraphComputesWhatThePerceptronDoes() throws IOException {
    float[] one = input();
    float[] two = input();
    float[] answers = run(MlpModels.floats(mlp), one, two);
    assertArrayEquals(mlp.logits(one), Arrays.copyOf(answers, 3), 1e-5f);
    assertArrayEquals(mlp.logits(two), Arrays.copyOfRange(answers, 3, 6), 1e-5f);
  }

  @Test
  void readsBackWhatItWrote() {
    Mlp read = MlpModels.read("test", MlpModels.floats(mlp));
    assertEquals(mlp.layers().size(), read.layers().size());
    for (int i = 0; i < 2; i++) {
      Dense layer = read.layers().get(i);
      assertArrayEquals(mlp.layers().get(i).weights(), layer.weights());
      assertArrayEquals(mlp.layers().get(i).bias(), layer.bias());
      assertEquals(i == 0, layer.rectified());
    }
  }

  @Test
  void eightBitsStayCloseAndAreAQuarterOfTheWeights() throws IOException {
    float[] input = input();
    float[] exact = mlp.logits(input);
    byte[] dynamic = MlpModels.int8Dynamic(mlp);
    byte[] fixed = MlpModels.int8Static(mlp, List.of(new Range(0, 1), new Range(0, 8)));
    assertArrayEquals(exact, run(dynamic, input), 0.1f);
    assertArrayEquals(exact, run(fixed, input), 0.15f);

    Mlp large = Mlp.random(List.of(784, 100, 10), random);
    double ratio = (double) MlpModels.floats(large).length / MlpModels.int8Dynamic(large).length;
    assertTrue(ratio > 3.8 && ratio < 4, "ratio " + ratio);
  }

  @Test
  void aRangeCoversItsEndsWithTwoHundredFiftySixLevels() {
    Range range = new Range(-1, 1.55f);
    assertEquals(0.01f, range.scale(), 1e-9f);
    assertEquals(100, range.zero());
    assertThrows(InvalidValueException.class, () -> new Range(0, 0));
    assertThrows(InvalidValueException.class, () -> new Range(1, 2));
  }

  @Test
  void refusesToReadWhatIsNoPerceptronInSinglePrecision() {
    assertThrows(
        InvalidValueException.class, () -> MlpModels.read("x", MlpModels.int8Dynamic(mlp)));
    assertThrows(InvalidValueException.class, () -> MlpModels.read("x", new byte[] {1, 2, 3}));
  }

  @Test
  void fusedGraphsGiveTheWeightedMeanOfTheirLogits() throws IOException {
    Mlp other = Mlp.random(List.of(20, 5, 3), random);
    byte[] fused =
        FusedModel.of(List.of(MlpModels.floats(mlp), MlpModels.floats(other)), List.of(0.25, 0.75));
    float[] input = input();
    float[] expected = new float[3];
    for (int k = 0; k < 3; k++) {
      expected[k] = 0.25f * mlp.logits(input)[k] + 0.75f * other.logits(input)[k];
    }
    assertArrayEquals(expected, run(fused, input), 1e-5f);
  }

  @Test
  void graphsOfOtherInputsAreNotFused() {
    Mlp narrow = Mlp.random(List.of(19, 3), random);
    assertThrows(
        InvalidValueException.class,
        () ->
            FusedModel.of(
                List.of(MlpModels.floats(mlp), MlpModels.floats(narrow)), List.of(0.5, 0.5)));
  }
}
