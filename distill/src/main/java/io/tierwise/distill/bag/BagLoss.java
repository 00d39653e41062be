package io.tierwise.distill.bag;

import ai.djl.ndarray.NDArray;
import io.tierwise.distill.bag.BagTrainer.Lessons;
import io.tierwise.distill.parallel.Objective;
import io.tierwise.distill.train.Gradients.Parameter;
import io.tierwise.distill.train.Gradients.Scope;
import io.tierwise.student.feature.Bag;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/**
 * What a bag is trained to make small: (1−α) cross-entropy to the hard label + α T² cross-entropy
 * of softmax(logits/T) to the soft label at temperature T, both as the mean over a batch.
 */
final class BagLoss implements Objective<BagLoss.Point> {
  private final Lessons lessons;
  private final float softShare;
  private final float temperature;
  private final float[][] soft;

  /**
   * Where the loss is taken.
   *
   * @param touched the buckets of the batch, ascending
   * @param table row-major [touched, width]
   */
  @SuppressWarnings("ArrayRecordComponent") // weights by the thousand, never compared
  record Point(int[] touched, float[] table, BagMember.Dense dense) implements Serializable {}

  BagLoss(Lessons lessons, float softShare, float temperature) {
    this.lessons = lessons;
    this.softShare = softShare;
    this.temperature = temperature;
    this.soft = softened(lessons.soft());
  }

  @Override
  public int examples() {
    return lessons.size();
  }

  @Override
  public BagLoss shard(int[] examples) {
    return new BagLoss(lessons.only(examples), softShare, temperature);
  }

  /** Table, projection, head and bias. */
  @Override
  public List<Parameter> parameters(Point point) {
    BagMember.Dense dense = point.dense();
    int classes = dense.bias().length;
    int width = dense.head().length / classes;
    return List.of(
        new Parameter(point.table(), point.touched().length, width),
        new Parameter(dense.projection(), dense.projection().length / width, width),
        new Parameter(dense.head(), width, classes),
        new Parameter(dense.bias(), classes));
  }

  @Override
  public NDArray loss(Scope scope, Point point, List<NDArray> parameters, int[] batch) {
    int[] touched = point.touched();
    NDArray weights = scope.array(weights(batch, touched), batch.length, touched.length);
    NDArray words = scope.array(Lessons.select(lessons.words(), batch));
    NDArray hidden = weights.matMul(parameters.get(0)).add(words.matMul(parameters.get(1)));
    NDArray logits = hidden.matMul(parameters.get(2)).add(parameters.get(3));
    NDArray toHard = crossEntropy(scope.array(Lessons.select(lessons.hard(), batch)), logits);
    NDArray toSoft =
        crossEntropy(
            scope.array(Lessons.select(soft, batch)), logits.div(scope.number(temperature)));
    NDArray hardShare = scope.number(1 - softShare);
    NDArray softened = scope.number(softShare * temperature * temperature);
    return toHard.mul(hardShare).add(toSoft.mul(softened));
  }

  private static NDArray crossEntropy(NDArray target, NDArray logits) {
    return target.mul(logits.logSoftmax(1)).sum(new int[] {1}).mean().neg();
  }

  /** Dense [texts, touched]: a few thousand columns, cheaper than a sparse product. */
  private float[] weights(int[] chosen, int[] touched) {
    float[] weights = new float[chosen.length * touched.length];
    for (int i = 0; i < chosen.length; i++) {
      Bag bag = lessons.bags().get(chosen[i]);
      for (int j = 0; j < bag.size(); j++) {
        int column = Arrays.binarySearch(touched, bag.buckets()[j]);
        weights[i * touched.length + column] = bag.weights()[j];
      }
    }
    return weights;
  }

  /** p^(1/T), brought to sum 1: what softmax(logits/T) is for the logits behind p. */
  private float[][] softened(float[][] all) {
    return temperature == 1 ? all : Arrays.stream(all).map(this::softened).toArray(float[][]::new);
  }

  private float[] softened(float[] distribution) {
    float[] softened = new float[distribution.length];
    double sum = 0;
    for (int k = 0; k < softened.length; k++) {
      softened[k] = (float) Math.pow(distribution[k], 1 / temperature);
      sum += softened[k];
    }
    for (int k = 0; k < softened.length; k++) {
      softened[k] /= (float) sum;
    }
    return softened;
  }
}
