package io.tierwise.distill.encoder;

import io.tierwise.distill.Progress;
import io.tierwise.distill.data.Answered;
import io.tierwise.distill.train.Gradients.Parameter;
import io.tierwise.distill.train.SoftmaxRegression;
import io.tierwise.router.request.Label;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** What encoders are to answer, and heads that begin near it. */
final class Targets {
  private static final SoftmaxRegression.Spec HEAD =
      new SoftmaxRegression.Spec(20, 200, 128, 0.05f, 1e-4f);

  private Targets() {}

  /** [texts][classes]: 1 at the large model's label. */
  static float[][] hard(List<Answered> examples, List<Label> labels) {
    return examples.stream()
        .map(each -> Answered.with(each.text(), each.label()).target(labels))
        .toArray(float[][]::new);
  }

  /** An encoder's own answers: [texts][classes]. */
  static float[][] softmax(EncoderWeights weights, int[][] tokens, Progress progress) {
    try (EncoderRunner runner = new EncoderRunner(weights)) {
      return Arrays.stream(runner.logits(tokens, progress))
          .map(Targets::softmax)
          .toArray(float[][]::new);
    }
  }

  /** With a head fitted to the mean states as they are. */
  static EncoderWeights withFittedHead(
      EncoderWeights weights, int[][] tokens, float[][] hard, Progress progress) {
    try (EncoderRunner runner = new EncoderRunner(weights)) {
      SoftmaxRegression head =
          SoftmaxRegression.fit(HEAD, List.of(runner.pooled(tokens, progress)), List.of(hard));
      int classes = head.bias().length;
      return weights.with(
          Map.of(
              EncoderWeights.HEAD + ".weight",
              new Parameter(head.weights(), weights.dimensions(), classes),
              EncoderWeights.HEAD + ".bias",
              new Parameter(head.bias(), classes)));
    }
  }

  private static float[] softmax(float[] logits) {
    double top = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      top = Math.max(top, logit);
    }
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - top);
    }
    float[] probabilities = new float[logits.length];
    for (int k = 0; k < logits.length; k++) {
      probabilities[k] = (float) (Math.exp(logits[k] - top) / sum);
    }
    return probabilities;
  }
}
