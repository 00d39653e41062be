package io.tierwise.distill.train;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import java.util.List;

/**
 * Multinomial logistic regression on fixed features: minimises the mean cross-entropy to target
 * distributions plus an L2 penalty on the weights, by Adam on the full batch. Deterministic: starts
 * at zero and draws nothing.
 *
 * @param weights row-major [dimensions, classes]
 * @param bias [classes]
 */
@SuppressWarnings("ArrayRecordComponent") // weights by the million, never compared
public record SoftmaxRegression(float[] weights, float[] bias) {
  /**
   * How to fit.
   *
   * @param penalty weight of ½‖W‖² in the mean loss
   */
  public record Spec(int steps, float learningRate, float penalty) {
    public static final Spec DEFAULT = new Spec(400, 0.1f, 1e-4f);
  }

  /**
   * @param features [examples][dimensions]
   * @param targets [examples][classes], each a distribution
   */
  public static SoftmaxRegression fit(Spec spec, List<float[]> features, List<float[]> targets) {
    int dimensions = features.getFirst().length;
    int classes = targets.getFirst().length;
    Engine engine = PyTorch.engine();
    try (NDManager manager = engine.newBaseManager()) {
      NDArray x = manager.create(features.toArray(new float[0][]));
      NDArray y = manager.create(targets.toArray(new float[0][]));
      NDArray weights = manager.zeros(new Shape(dimensions, classes), DataType.FLOAT32);
      NDArray bias = manager.zeros(new Shape(classes), DataType.FLOAT32);
      weights.setRequiresGradient(true);
      bias.setRequiresGradient(true);
      Optimizer adam =
          Optimizer.adam().optLearningRateTracker(Tracker.fixed(spec.learningRate())).build();
      for (int step = 0; step < spec.steps(); step++) {
        try (NDManager scope = manager.newSubManager();
            GradientCollector gradients = engine.newGradientCollector()) {
          x.tempAttach(scope);
          y.tempAttach(scope);
          weights.tempAttach(scope);
          bias.tempAttach(scope);
          NDArray logits = x.matMul(weights).add(bias);
          NDArray fit = y.mul(logits.logSoftmax(1)).sum(new int[] {1}).mean().neg();
          NDArray loss = fit.add(weights.square().sum().mul(spec.penalty() / 2));
          gradients.backward(loss);
        }
        adam.update("weights", weights, weights.getGradient());
        adam.update("bias", bias, bias.getGradient());
      }
      return new SoftmaxRegression(weights.toFloatArray(), bias.toFloatArray());
    }
  }

  /**
   * @param features [dimensions]
   * @return [classes]
   */
  public float[] probabilities(float[] features) {
    float[] logits = bias.clone();
    for (int d = 0; d < features.length; d++) {
      for (int k = 0; k < logits.length; k++) {
        logits[k] += features[d] * weights[d * logits.length + k];
      }
    }
    float max = Float.NEGATIVE_INFINITY;
    for (float logit : logits) {
      max = Math.max(max, logit);
    }
    float sum = 0;
    for (int k = 0; k < logits.length; k++) {
      logits[k] = (float) Math.exp(logits[k] - max);
      sum += logits[k];
    }
    for (int k = 0; k < logits.length; k++) {
      logits[k] /= sum;
    }
    return logits;
  }
}
