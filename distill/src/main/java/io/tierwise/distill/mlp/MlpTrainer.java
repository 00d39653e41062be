package io.tierwise.distill.mlp;

import io.tierwise.distill.Progress;
import io.tierwise.distill.data.FeatureSet;
import io.tierwise.distill.parallel.Engine;
import io.tierwise.distill.parallel.Replicas;
import io.tierwise.distill.train.Adam;
import io.tierwise.router.Requirement;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Trains perceptrons on DJL's PyTorch engine, in this process or on worker JVMs, by Adam at a rate
 * that falls linearly to nothing; the loss is {@link MlpLoss}. The same seed gives the same order
 * of examples.
 */
public final class MlpTrainer {
  private MlpTrainer() {}

  /**
   * How to train.
   *
   * @param epochs how often each example is seen
   * @param rate of the first step
   * @param seed of the examples' order
   */
  public record Spec(int epochs, int batch, float rate, long seed) {
    public Spec {
      Requirement.positive("epochs", epochs);
      Requirement.positive("batch", batch);
      Requirement.openUnit("rate", rate);
    }
  }

  /**
   * The teacher's share in the loss.
   *
   * @param logits [examples][classes], the teacher's
   * @param share α
   * @param temperature T
   */
  @SuppressWarnings("ArrayRecordComponent") // read in place, never compared
  public record Lessons(float[][] logits, float share, float temperature) {}

  /** Which weights may be other than zero at a step of so many: a mask for every layer. */
  public interface Masks {
    /** Nothing is held at zero. */
    Masks NONE = (step, steps, mlp) -> List.of();

    /**
     * @return for each layer, true where a weight is kept; empty for no mask
     */
    List<boolean[]> at(long step, long steps, Mlp mlp);
  }

  /**
   * @param lessons the teacher's; null to train on the labels alone
   * @param masks reapplied after every step, so that what was pruned stays so
   * @param engine where the gradients are computed; left open
   */
  public static Mlp train(
      Mlp start,
      FeatureSet examples,
      @Nullable Lessons lessons,
      Spec spec,
      Masks masks,
      Engine engine,
      Progress progress) {
    Mlp mlp = copy(start);
    List<Adam> weights =
        mlp.layers().stream().map(layer -> new Adam(layer.weights().length)).toList();
    List<Adam> biases = mlp.layers().stream().map(layer -> new Adam(layer.outputs())).toList();
    long steps = (long) spec.epochs() * Math.ceilDiv(examples.size(), spec.batch());
    long step = 0;
    Random random = new Random(spec.seed());
    int[] order = new int[examples.size()];
    Arrays.setAll(order, i -> i);
    try (Replicas<Mlp> replicas = engine.replicate(loss(examples, lessons))) {
      for (int epoch = 0; epoch < spec.epochs(); epoch++) {
        shuffle(order, random);
        for (int from = 0; from < order.length; from += spec.batch()) {
          int to = Math.min(from + spec.batch(), order.length);
          List<float[]> slopes =
              replicas.slope(mlp, Arrays.copyOfRange(order, from, to)).gradients();
          float rate = spec.rate() * (1 - (float) step / steps);
          for (int layer = 0; layer < mlp.layers().size(); layer++) {
            Dense dense = mlp.layers().get(layer);
            weights.get(layer).step(dense.weights(), slopes.get(2 * layer), rate);
            biases.get(layer).step(dense.bias(), slopes.get(2 * layer + 1), rate);
          }
          step++;
          apply(masks.at(step, steps, mlp), mlp);
          progress.report("training", step, steps);
        }
      }
    }
    return mlp;
  }

  /** Sets what the masks do not keep to zero. */
  public static void apply(List<boolean[]> masks, Mlp mlp) {
    for (int layer = 0; layer < masks.size(); layer++) {
      float[] weights = mlp.layers().get(layer).weights();
      boolean[] kept = masks.get(layer);
      for (int i = 0; i < weights.length; i++) {
        if (!kept[i]) {
          weights[i] = 0;
        }
      }
    }
  }

  private static MlpLoss loss(FeatureSet examples, @Nullable Lessons lessons) {
    int classes = examples.labels().size();
    float[][] hard =
        Arrays.stream(examples.classes())
            .mapToObj(label -> oneHot(label, classes))
            .toArray(float[][]::new);
    if (lessons == null) {
      return MlpLoss.toLabels(examples.features(), hard);
    }
    float[][] soft =
        Arrays.stream(lessons.logits())
            .map(logits -> softmax(logits, lessons.temperature()))
            .toArray(float[][]::new);
    return new MlpLoss(examples.features(), hard, soft, lessons.share(), lessons.temperature());
  }

  private static float[] oneHot(int index, int classes) {
    float[] row = new float[classes];
    row[index] = 1;
    return row;
  }

  private static float[] softmax(float[] logits, float heat) {
    double top = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      top = Math.max(top, logit);
    }
    double sum = 0;
    double[] parts = new double[logits.length];
    for (int k = 0; k < parts.length; k++) {
      parts[k] = Math.exp((logits[k] - top) / heat);
      sum += parts[k];
    }
    float[] shares = new float[parts.length];
    for (int k = 0; k < shares.length; k++) {
      shares[k] = (float) (parts[k] / sum);
    }
    return shares;
  }

  private static Mlp copy(Mlp mlp) {
    return new Mlp(
        mlp.layers().stream()
            .map(layer -> layer.with(layer.weights().clone(), layer.bias().clone()))
            .toList());
  }

  private static void shuffle(int[] order, Random random) {
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
  }
}
