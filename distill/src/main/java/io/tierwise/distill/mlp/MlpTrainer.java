package io.tierwise.distill.mlp;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import io.tierwise.distill.Progress;
import io.tierwise.distill.data.FeatureSet;
import io.tierwise.distill.train.Adam;
import io.tierwise.distill.train.Gradients;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.Requirement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Trains perceptrons on DJL's PyTorch engine, by Adam at a rate that falls linearly to nothing. The
 * loss of a batch is (1−α) cross-entropy to the labels + α T² cross-entropy of softmax(logits/T) to
 * the teacher's softmax at temperature T (Hinton, Vinyals, Dean: Distilling the Knowledge in a
 * Neural Network, 2015). The same seed gives the same order of examples.
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
  public record Lessons(float[][] logits, float share, float temperature) {
    public Lessons {
      Requirement.closedUnit("softShare", share);
      if (!(temperature > 0)) {
        throw new InvalidValueException("temperature", temperature + " is not positive", "give 4");
      }
    }
  }

  /** Which weights may be other than zero at a step of so many: a mask for every layer. */
  public interface Masks {
    /** Nothing is held at zero. */
    Masks NONE = (step, steps, mlp) -> List.of();

    /**
     * @return for each layer, true where a weight is kept; empty for no mask
     */
    List<boolean[]> at(long step, long steps, Mlp mlp);
  }

  /** Trains on the labels alone. */
  public static Mlp train(Mlp start, FeatureSet examples, Spec spec, Progress progress) {
    return train(start, examples, null, spec, Masks.NONE, progress);
  }

  /**
   * @param lessons the teacher's; null to train on the labels alone
   * @param masks reapplied after every step, so that what was pruned stays so
   */
  public static Mlp train(
      Mlp start,
      FeatureSet examples,
      @Nullable Lessons lessons,
      Spec spec,
      Masks masks,
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
    try (Gradients gradients = new Gradients()) {
      for (int epoch = 0; epoch < spec.epochs(); epoch++) {
        shuffle(order, random);
        for (int from = 0; from < order.length; from += spec.batch()) {
          int[] chosen =
              Arrays.copyOfRange(order, from, Math.min(from + spec.batch(), order.length));
          List<float[]> slopes = slopes(gradients, mlp, examples, lessons, chosen);
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

  private static List<float[]> slopes(
      Gradients gradients, Mlp mlp, FeatureSet examples, @Nullable Lessons lessons, int[] chosen) {
    List<Gradients.Parameter> parameters = new ArrayList<>();
    for (Dense layer : mlp.layers()) {
      parameters.add(new Gradients.Parameter(layer.weights(), layer.inputs(), layer.outputs()));
      parameters.add(new Gradients.Parameter(layer.bias(), layer.outputs()));
    }
    return gradients
        .of(
            (scope, arrays) -> loss(scope, arrays, mlp, examples, lessons, chosen),
            parameters.toArray(Gradients.Parameter[]::new))
        .gradients();
  }

  private static NDArray loss(
      Gradients.Scope scope,
      List<NDArray> arrays,
      Mlp mlp,
      FeatureSet examples,
      @Nullable Lessons lessons,
      int[] chosen) {
    int classes = mlp.classes();
    NDArray values = matrix(scope, chosen, i -> examples.features()[(int) i]);
    for (int layer = 0; layer < mlp.layers().size(); layer++) {
      values = values.matMul(arrays.get(2 * layer)).add(arrays.get(2 * layer + 1));
      if (mlp.layers().get(layer).rectified()) {
        values = Activation.relu(values);
      }
    }
    NDArray hard = matrix(scope, chosen, i -> oneHot(examples.classes()[(int) i], classes));
    NDArray toLabels = crossEntropy(hard, values);
    if (lessons == null) {
      return toLabels;
    }
    float heat = lessons.temperature();
    NDArray soft = matrix(scope, chosen, i -> softmax(lessons.logits()[(int) i], heat));
    NDArray toTeacher = crossEntropy(soft, values.div(scope.number(heat)));
    NDArray labelsShare = scope.number(1 - lessons.share());
    NDArray teachersShare = scope.number(lessons.share() * heat * heat);
    return toLabels.mul(labelsShare).add(toTeacher.mul(teachersShare));
  }

  private static NDArray crossEntropy(NDArray target, NDArray logits) {
    return target.mul(logits.logSoftmax(1)).sum(new int[] {1}).mean().neg();
  }

  private static NDArray matrix(Gradients.Scope scope, int[] chosen, LongFunction<float[]> row) {
    int columns = row.apply(chosen[0]).length;
    float[] values = new float[chosen.length * columns];
    for (int i = 0; i < chosen.length; i++) {
      System.arraycopy(row.apply(chosen[i]), 0, values, i * columns, columns);
    }
    return scope.array(values, chosen.length, columns);
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
