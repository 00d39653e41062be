package io.tierwise.distill.bag;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.distill.onnx.BagWeights;
import io.tierwise.distill.onnx.OnnxModels;
import io.tierwise.student.feature.Bag;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class BagParityTest {
  private static final BagWeights WEIGHTS = weights(1);
  private static final List<Bag> BAGS =
      List.of(new Bag(new int[] {0, 1}, new float[] {0.6f, 0.8f}));

  @Test
  void theEnginesAgreeOnAnExport() throws IOException {
    double difference = BagParity.largestDifference(OnnxModels.bag(WEIGHTS), WEIGHTS, BAGS);

    assertTrue(difference <= 1e-6, "differs by " + difference);
  }

  @Test
  void anExportOfOtherNumbersIsRefused() {
    byte[] wrong = OnnxModels.bag(weights(1.001f));

    IllegalStateException refused =
        assertThrows(
            IllegalStateException.class, () -> BagParity.largestDifference(wrong, WEIGHTS, BAGS));

    String begin = "the exported bag differs from DJL by ";
    assertEquals(begin, refused.getMessage().substring(0, begin.length()));
  }

  private static BagWeights weights(float scale) {
    return new BagWeights(
        new float[] {1, 2},
        new byte[] {100, 50, -127, 3},
        new float[] {0.1f * scale, 0.2f},
        new float[] {1, -1, 0.5f, 2},
        new float[] {0.1f, 0});
  }
}
