package io.tierwise.distill.mlp;

import io.tierwise.distill.Progress;
import io.tierwise.distill.parallel.Engine;
import io.tierwise.distill.parallel.Replicas;
import io.tierwise.distill.train.Adam;
import io.tierwise.distill.train.Gradients;
import io.tierwise.distill.train.Gradients.Slope;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.Requirement;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.LongSupplier;

/**
 * Measures a training step on different engines. All of them take the same steps on the same global
 * batches from the same weights, so the losses of all must be the same but for rounding.
 */
public final class ScalingJob {
  private static final float RATE = 1e-3f;

  private final Spec spec;
  private final LongSupplier nanoseconds;
  private final Progress progress;
  private final MlpLoss objective;
  private float[] expected = new float[0];

  /**
   * What to train.
   *
   * @param widths of the network's input, hidden layers and output
   * @param batch examples in a global batch
   * @param steps measured, after as many that are not
   */
  @SuppressWarnings("ArrayRecordComponent") // a few numbers, never compared
  public record Spec(int[] widths, int examples, int batch, int steps, long seed) {
    public Spec {
      if (widths.length < 2) {
        throw new InvalidValueException(
            "widths", "there are " + widths.length, "give those of input and output at least");
      }
      for (int width : widths) {
        Requirement.positive("widths", width);
      }
      Requirement.positive("examples", examples);
      Requirement.positive("batch", batch);
      Requirement.positive("steps", steps);
    }
  }

  /**
   * What an engine came to.
   *
   * @param stepMillis median over the measured steps: gradients, averaging and the update
   * @param lossDifference largest over all steps, to the baseline's loss of the same step
   */
  public record Row(String engine, int workers, double stepMillis, double lossDifference) {}

  public ScalingJob(Spec spec, LongSupplier nanoseconds, Progress progress) {
    this.spec = spec;
    this.nanoseconds = nanoseconds;
    this.progress = progress;
    this.objective = examples(spec);
  }

  /** Measures one process; what follows is compared with its losses. */
  public Row baseline(Engine local) {
    double[] millis = new double[spec.steps()];
    expected = train(local, Engine.LOCAL, millis);
    return new Row(Engine.LOCAL, 1, median(millis), 0);
  }

  /**
   * @throws IllegalStateException before {@link #baseline}
   */
  public Row measure(String name, int workers, Engine engine) {
    if (expected.length == 0) {
      throw new IllegalStateException("there is no baseline yet");
    }
    double[] millis = new double[spec.steps()];
    float[] losses = train(engine, name + ", workers: " + workers, millis);
    double difference = 0;
    for (int step = 0; step < losses.length; step++) {
      difference = Math.max(difference, Math.abs((double) losses[step] - expected[step]));
    }
    return new Row(name, workers, median(millis), difference);
  }

  /** The loss of every step. */
  private float[] train(Engine engine, String name, double[] millis) {
    Mlp mlp = Mlp.random(Arrays.stream(spec.widths()).boxed().toList(), new Random(spec.seed()));
    List<float[]> arrays =
        objective.parameters(mlp).stream().map(Gradients.Parameter::values).toList();
    List<Adam> moves = arrays.stream().map(each -> new Adam(each.length)).toList();
    Random random = new Random(spec.seed() + 1);
    float[] losses = new float[2 * spec.steps()];
    try (Replicas<Mlp> replicas = engine.replicate(objective)) {
      for (int step = 0; step < losses.length; step++) {
        int[] batch = random.ints(spec.batch(), 0, spec.examples()).toArray();
        long begun = nanoseconds.getAsLong();
        Slope slope = replicas.slope(mlp, batch);
        for (int i = 0; i < moves.size(); i++) {
          moves.get(i).step(arrays.get(i), slope.gradients().get(i), RATE);
        }
        if (step >= spec.steps()) {
          millis[step - spec.steps()] = (nanoseconds.getAsLong() - begun) / 1e6;
        }
        losses[step] = slope.loss();
        progress.report(name, step + 1, losses.length);
      }
    }
    return losses;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  private static MlpLoss examples(Spec spec) {
    Random random = new Random(spec.seed() + 2);
    int classes = spec.widths()[spec.widths().length - 1];
    float[][] features = new float[spec.examples()][spec.widths()[0]];
    float[][] targets = new float[spec.examples()][classes];
    for (int i = 0; i < spec.examples(); i++) {
      for (int d = 0; d < features[i].length; d++) {
        features[i][d] = random.nextFloat();
      }
      targets[i][random.nextInt(classes)] = 1;
    }
    return MlpLoss.toLabels(features, targets);
  }
}
