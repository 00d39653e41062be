package io.tierwise.distill.mlp;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import io.tierwise.distill.parallel.Objective;
import io.tierwise.distill.train.Gradients.Parameter;
import io.tierwise.distill.train.Gradients.Scope;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.Requirement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a perceptron's training minimises: (1−α) cross-entropy to the labels + α T² cross-entropy of
 * softmax(logits/T) to the teacher's softmax at temperature T (Hinton, Vinyals, Dean: Distilling
 * the Knowledge in a Neural Network, 2015).
 *
 * @param features [examples][dimensions]
 * @param hard [examples][classes], each a distribution
 * @param soft [examples][classes], the teacher's at temperature T; not read where α is 0
 * @param share α
 * @param temperature T
 */
@SuppressWarnings("ArrayRecordComponent") // examples by the thousand, never compared
public record MlpLoss(
    float[][] features, float[][] hard, float[][] soft, float share, float temperature)
    implements Objective<Mlp> {
  public MlpLoss {
    Requirement.closedUnit("share", share);
    if (!(temperature > 0)) {
      throw new InvalidValueException("temperature", temperature + " is not positive", "give 4");
    }
  }

  /** Cross-entropy to the labels alone. */
  public static MlpLoss toLabels(float[][] features, float[][] hard) {
    return new MlpLoss(features, hard, hard, 0, 1);
  }

  @Override
  public int examples() {
    return features.length;
  }

  @Override
  public MlpLoss shard(int[] examples) {
    return new MlpLoss(
        select(features, examples),
        select(hard, examples),
        select(soft, examples),
        share,
        temperature);
  }

  /** Matrix, bias, matrix, bias and so on. */
  @Override
  public List<Parameter> parameters(Mlp mlp) {
    List<Parameter> parameters = new ArrayList<>();
    for (Dense layer : mlp.layers()) {
      parameters.add(new Parameter(layer.weights(), layer.inputs(), layer.outputs()));
      parameters.add(new Parameter(layer.bias(), layer.outputs()));
    }
    return parameters;
  }

  @Override
  public NDArray loss(Scope scope, Mlp mlp, List<NDArray> parameters, int[] batch) {
    NDArray logits = scope.array(select(features, batch));
    for (int layer = 0; layer < mlp.layers().size(); layer++) {
      logits = logits.matMul(parameters.get(2 * layer)).add(parameters.get(2 * layer + 1));
      if (mlp.layers().get(layer).rectified()) {
        logits = Activation.relu(logits);
      }
    }
    NDArray toLabels = crossEntropy(scope.array(select(hard, batch)), logits);
    if (share == 0) {
      return toLabels;
    }
    NDArray toTeacher =
        crossEntropy(scope.array(select(soft, batch)), logits.div(scope.number(temperature)));
    NDArray labelsShare = scope.number(1 - share);
    NDArray teachersShare = scope.number(share * temperature * temperature);
    return toLabels.mul(labelsShare).add(toTeacher.mul(teachersShare));
  }

  private static NDArray crossEntropy(NDArray target, NDArray logits) {
    return target.mul(logits.logSoftmax(1)).sum(new int[] {1}).mean().neg();
  }

  private static float[][] select(float[][] all, int[] chosen) {
    return Arrays.stream(chosen).mapToObj(i -> all[i]).toArray(float[][]::new);
  }
}
