package io.tierwise.distill.parallel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.Device;
import io.tierwise.distill.mlp.Blobs;
import io.tierwise.distill.mlp.Mlp;
import io.tierwise.distill.mlp.MlpLoss;
import io.tierwise.distill.parallel.LocalEngine.LocalReplicas;
import io.tierwise.distill.train.Gradients.Slope;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LocalEngineTest {
  private static final int[] BATCH = IntStream.range(3, 50).toArray();

  private final MlpLoss objective = Blobs.random(64, 5, 3);
  private final Mlp weights = Blobs.weights(5, 7, 3);

  @Test
  void trainsOnTheCpuWhereTheEngineKnowsNoGpu() {
    // The natives of the build are the CPU's, so that holds on a machine with a GPU as well.
    assertEquals(List.of(Device.cpu()), LocalEngine.devices());
  }

  @Test
  void severalDevicesGiveWhatOneGives() {
    Slope one = slope(1, BATCH);

    for (int devices = 2; devices <= 4; devices++) {
      Slope several = slope(devices, BATCH);
      assertEquals(one.loss(), several.loss(), 1e-6);
      for (int i = 0; i < one.gradients().size(); i++) {
        assertArrayEquals(one.gradients().get(i), several.gradients().get(i), 1e-6f);
      }
    }
  }

  @Test
  void aBatchSmallerThanTheDevicesLeavesSomeIdle() {
    Slope one = slope(1, new int[] {7});
    Slope four = slope(4, new int[] {7});

    assertEquals(one.loss(), four.loss(), 1e-6);
    assertArrayEquals(one.gradients().getFirst(), four.gradients().getFirst(), 1e-6f);
  }

  private Slope slope(int devices, int[] batch) {
    List<Device> cpus = IntStream.range(0, devices).mapToObj(i -> Device.cpu()).toList();
    try (LocalReplicas<Mlp> replicas = new LocalReplicas<>(objective, cpus)) {
      return replicas.slope(weights, batch);
    }
  }
}
