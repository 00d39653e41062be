package io.tierwise.distill.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.router.InvalidValueException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PrototypesTest {
  @Test
  void choosesOneExampleOfEveryCluster() {
    float[][] features = new float[30][];
    Random random = new Random(3);
    for (int i = 0; i < features.length; i++) {
      float centre = i % 3 * 100f;
      features[i] = new float[] {centre + random.nextFloat(), -centre + random.nextFloat()};
    }
    int[] chosen = Prototypes.of(features, 3, 1);
    assertEquals(3, chosen.length);
    assertTrue(chosen[0] < chosen[1] && chosen[1] < chosen[2]);
    assertEquals(3, Arrays.stream(chosen).map(example -> example % 3).distinct().count());
    assertThrows(InvalidValueException.class, () -> Prototypes.of(features, 31, 1));
  }
}
