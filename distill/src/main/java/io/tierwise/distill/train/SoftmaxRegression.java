package io.tierwise.distill.train;

import ai.djl.ndarray.NDArray;
import io.tierwise.distill.train.Gradients.Parameter;
import io.tierwise.distill.train.Gradients.Slope;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.Requirement;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Multinomial logistic regression on fixed features: minimises the mean cross-entropy to target
 * distributions plus an L2 penalty on the weights, by Adam on batches at a rate that falls linearly
 * to nothing. Deterministic: starts at zero and draws nothing. A batch takes every so manieth
 * example, so that examples sorted by label do no harm.
 *
 * @param weights row-major [dimensions, classes]
 * @param bias [classes]
 */
@SuppressWarnings("ArrayRecordComponent") // weights by the million, never compared
public record SoftmaxRegression(float[] weights, float[] bias) {
  /**
   * How to fit.
   *
   * @param epochs how often each example is seen, at least
   * @param leastSteps few examples are seen more often, until there are so many steps
   * @param batch most examples in a batch
   * @param rate of the first step
   * @param penalty weight of ½‖W‖² in the mean loss
   */
  public record Spec(int epochs, int leastSteps, int batch, float rate, float penalty) {
    public Spec {
      Requirement.positive("epochs", epochs);
      Requirement.positive("leastSteps", leastSteps);
      Requirement.positive("batch", batch);
    }

    /** The same with another penalty. */
    public Spec with(float other) {
      return new Spec(epochs, leastSteps, batch, rate, other);
    }
  }

  /**
   * @param features [examples][dimensions]
   * @param targets [examples][classes], each a distribution
   * @throws InvalidValueException when there is no example
   */
  public static SoftmaxRegression fit(Spec spec, List<float[]> features, List<float[]> targets) {
    if (features.isEmpty()) {
      throw new InvalidValueException("examples", "there are none", "give at least one");
    }
    int dimensions = features.getFirst().length;
    int classes = targets.getFirst().length;
    SoftmaxRegression fitted =
        new SoftmaxRegression(new float[dimensions * classes], new float[classes]);
    Adam weightSteps = new Adam(fitted.weights.length);
    Adam biasSteps = new Adam(classes);
    int batches = Math.ceilDiv(features.size(), spec.batch());
    int steps = Math.max(spec.epochs() * batches, spec.leastSteps());
    try (Gradients gradients = new Gradients()) {
      for (int step = 0; step < steps; step++) {
        int first = step % batches;
        float[][] x = every(batches, first, features);
        float[][] y = every(batches, first, targets);
        Slope slope = fitted.slope(gradients, x, y, spec.penalty());
        float rate = spec.rate() * (1 - (float) step / steps);
        weightSteps.step(fitted.weights, slope.gradients().get(0), rate);
        biasSteps.step(fitted.bias, slope.gradients().get(1), rate);
      }
    }
    centre(fitted.bias);
    return fitted;
  }

  /**
   * Only differences of biases count; their mean has no gradient but rounding, and drifts on it.
   */
  private static void centre(float[] bias) {
    double mean = 0;
    for (float each : bias) {
      mean += each / bias.length;
    }
    for (int k = 0; k < bias.length; k++) {
      bias[k] -= (float) mean;
    }
  }

  /** The loss on some examples, with its gradients by weights and bias. */
  Slope slope(Gradients gradients, float[][] features, float[][] targets, float penalty) {
    return gradients.of(
        (scope, parameters) -> {
          NDArray logits = scope.array(features).matMul(parameters.get(0)).add(parameters.get(1));
          NDArray target = scope.array(targets);
          NDArray entropy = target.mul(logits.logSoftmax(1)).sum(new int[] {1}).mean().neg();
          return entropy.add(parameters.get(0).square().sum().mul(scope.number(penalty / 2)));
        },
        new Parameter(weights, weights.length / bias.length, bias.length),
        new Parameter(bias, bias.length));
  }

  /**
   * @param features [dimensions]
   * @return [classes]
   */
  public float[] probabilities(float[] features) {
    double[] logits = new double[bias.length];
    double top = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < logits.length; k++) {
      logits[k] = bias[k];
    }
    for (int d = 0; d < features.length; d++) {
      for (int k = 0; k < logits.length; k++) {
        logits[k] += features[d] * weights[d * logits.length + k];
      }
    }
    for (double logit : logits) {
      top = Math.max(top, logit);
    }
    double sum = 0;
    for (int k = 0; k < logits.length; k++) {
      logits[k] = Math.exp(logits[k] - top);
      sum += logits[k];
    }
    float[] probabilities = new float[logits.length];
    for (int k = 0; k < logits.length; k++) {
      probabilities[k] = (float) (logits[k] / sum);
    }
    return probabilities;
  }

  private static float[][] every(int stride, int first, List<float[]> all) {
    return IntStream.iterate(first, i -> i < all.size(), i -> i + stride)
        .mapToObj(all::get)
        .toArray(float[][]::new);
  }
}
