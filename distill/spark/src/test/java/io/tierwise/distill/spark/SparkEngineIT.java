package io.tierwise.distill.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.distill.parallel.Engine;
import io.tierwise.distill.parallel.Engines;
import io.tierwise.distill.parallel.NetworkLoss;
import io.tierwise.distill.parallel.NetworkLoss.Weights;
import io.tierwise.distill.parallel.Replicas;
import io.tierwise.distill.train.Adam;
import io.tierwise.distill.train.Gradients.Slope;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;

/** On real worker JVMs, started by a real cluster on this machine. */
class SparkEngineIT {
  private static final int[] WIDTHS = {20, 16, 4};
  private static final int EXAMPLES = 500;
  private static final int STEPS = 30;
  private static final int BATCH = 64;

  private final NetworkLoss objective = examples();

  /** What a training came to. */
  private record Trained(List<Float> losses, Weights weights) {}

  @Test
  void twoWorkersLoseWhatOneProcessLosesInEveryStep() {
    Trained alone;
    Trained spread;
    try (Engine local = Engine.local()) {
      alone = train(local, step -> {});
    }
    try (Engine spark = Engines.open("spark", 2)) {
      spread = train(spark, step -> {});
      assertEquals(2, executors().size());
    }

    for (int step = 0; step < STEPS; step++) {
      assertEquals(alone.losses().get(step), spread.losses().get(step), 1e-5, "step " + step);
    }
    assertTrue(alone.losses().getLast() < 0.8 * alone.losses().getFirst(), "it learns");
    for (int i = 0; i < alone.weights().arrays().size(); i++) {
      assertArrayEquals(alone.weights().arrays().get(i), spread.weights().arrays().get(i), 1e-4f);
    }
  }

  @Test
  void aKilledWorkerCostsNoWrongResult() {
    Trained undisturbed;
    Trained disturbed;
    try (Engine spark = Engines.open("spark", 2)) {
      undisturbed = train(spark, step -> {});
    }
    try (Engine spark = Engines.open("spark", 2)) {
      disturbed =
          train(
              spark,
              step -> {
                if (step == STEPS / 3) {
                  kill(executors().getFirst());
                }
              });
    }

    assertEquals(undisturbed.losses(), disturbed.losses());
    for (int i = 0; i < undisturbed.weights().arrays().size(); i++) {
      assertArrayEquals(undisturbed.weights().arrays().get(i), disturbed.weights().arrays().get(i));
    }
  }

  private Trained train(Engine engine, IntConsumer before) {
    Weights weights = Weights.random(WIDTHS, new Random(3));
    List<Adam> optimizers = weights.arrays().stream().map(each -> new Adam(each.length)).toList();
    List<Float> losses = new ArrayList<>();
    Random random = new Random(4);
    try (Replicas<Weights> replicas = engine.replicate(objective)) {
      for (int step = 0; step < STEPS; step++) {
        before.accept(step);
        int[] batch = random.ints(BATCH, 0, EXAMPLES).toArray();
        Slope slope = replicas.slope(weights, batch);
        losses.add(slope.loss());
        for (int i = 0; i < optimizers.size(); i++) {
          optimizers.get(i).step(weights.arrays().get(i), slope.gradients().get(i), 0.01f);
        }
      }
    }
    return new Trained(losses, weights);
  }

  /** The worker JVMs that this process started. */
  private static List<ProcessHandle> executors() {
    return ProcessHandle.current()
        .children()
        .filter(
            child -> child.info().commandLine().orElse("").contains("CoarseGrainedExecutorBackend"))
        .toList();
  }

  /** As {@code kill -9} does, and waits until it is gone. */
  private static void kill(ProcessHandle process) {
    assertTrue(process.destroyForcibly());
    try {
      process.onExit().get();
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    }
    assertFalse(process.isAlive());
  }

  private static NetworkLoss examples() {
    Random random = new Random(5);
    float[][] features = new float[EXAMPLES][WIDTHS[0]];
    float[][] targets = new float[EXAMPLES][WIDTHS[2]];
    for (int i = 0; i < EXAMPLES; i++) {
      int label = random.nextInt(WIDTHS[2]);
      targets[i][label] = 1;
      for (int d = 0; d < WIDTHS[0]; d++) {
        features[i][d] = (float) random.nextGaussian() + (d % WIDTHS[2] == label ? 0.5f : 0);
      }
    }
    return new NetworkLoss(features, targets);
  }
}
