package io.tierwise.distill.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.distill.mlp.Mlp;
import io.tierwise.distill.mlp.MlpLoss;
import io.tierwise.distill.parallel.Engine;
import io.tierwise.distill.parallel.Engines;
import io.tierwise.distill.parallel.Replicas;
import io.tierwise.distill.train.Adam;
import io.tierwise.distill.train.Gradients.Parameter;
import io.tierwise.distill.train.Gradients.Slope;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;

/** On real worker JVMs, started by a real cluster on this machine. */
class SparkEngineIT {
  private static final int DIMENSIONS = 20;
  private static final int CLASSES = 4;
  private static final int EXAMPLES = 500;
  private static final int STEPS = 30;
  private static final int BATCH = 64;

  private final MlpLoss objective = examples();

  /** What a training came to. */
  private record Trained(List<Float> losses, List<float[]> weights) {}

  @Test
  void twoWorkersLoseWhatOneProcessLosesInEveryStep() {
    Trained alone;
    Trained spread;
    try (Engine local = Engine.local()) {
      alone = train(local, step -> {});
    }
    try (Engine spark = Engines.open("spark", 2)) {
      spread = train(spark, step -> {});
      assertEquals(2, Executors.all().size());
    }

    for (int step = 0; step < STEPS; step++) {
      assertEquals(alone.losses().get(step), spread.losses().get(step), 1e-5, "step " + step);
    }
    assertTrue(alone.losses().getLast() < 0.8 * alone.losses().getFirst(), "it learns");
    for (int i = 0; i < alone.weights().size(); i++) {
      assertArrayEquals(alone.weights().get(i), spread.weights().get(i), 1e-4f);
    }
  }

  @Test
  void aKilledWorkerCostsNoWrongResult() {
    Trained undisturbed;
    Trained disturbed;
    try (Engine spark = Engines.open("spark", 2)) {
      undisturbed = train(spark, step -> {});
      disturbed =
          train(
              spark,
              step -> {
                if (step == STEPS / 3) {
                  Executors.killOne();
                }
              });
    }

    assertEquals(undisturbed.losses(), disturbed.losses());
    for (int i = 0; i < undisturbed.weights().size(); i++) {
      assertArrayEquals(undisturbed.weights().get(i), disturbed.weights().get(i));
    }
  }

  private Trained train(Engine engine, IntConsumer before) {
    Mlp mlp = Mlp.random(List.of(DIMENSIONS, 16, CLASSES), new Random(3));
    List<float[]> weights = objective.parameters(mlp).stream().map(Parameter::values).toList();
    List<Adam> optimizers = weights.stream().map(each -> new Adam(each.length)).toList();
    List<Float> losses = new ArrayList<>();
    Random random = new Random(4);
    try (Replicas<Mlp> replicas = engine.replicate(objective)) {
      for (int step = 0; step < STEPS; step++) {
        before.accept(step);
        int[] batch = random.ints(BATCH, 0, EXAMPLES).toArray();
        Slope slope = replicas.slope(mlp, batch);
        losses.add(slope.loss());
        for (int i = 0; i < optimizers.size(); i++) {
          optimizers.get(i).step(weights.get(i), slope.gradients().get(i), 0.01f);
        }
      }
    }
    return new Trained(losses, weights);
  }

  private static MlpLoss examples() {
    Random random = new Random(5);
    float[][] features = new float[EXAMPLES][DIMENSIONS];
    float[][] targets = new float[EXAMPLES][CLASSES];
    for (int i = 0; i < EXAMPLES; i++) {
      int label = random.nextInt(CLASSES);
      targets[i][label] = 1;
      for (int d = 0; d < DIMENSIONS; d++) {
        features[i][d] = (float) random.nextGaussian() + (d % CLASSES == label ? 0.5f : 0);
      }
    }
    return MlpLoss.toLabels(features, targets);
  }
}
