package io.tierwise.distill.win;

import io.tierwise.student.feature.Bag;
import io.tierwise.student.feature.BagFeaturizer;
import java.util.List;

/**
 * Ridge regression on bags: minimises Σ(w·x + b − y)² + λ‖w‖², b being the mean of y, by conjugate
 * gradients on the normal equations (Hestenes, Stiefel, 1952). Deterministic.
 *
 * @param weights [{@link BagFeaturizer#BUCKETS}]
 */
@SuppressWarnings("ArrayRecordComponent") // weights by the hundred thousand, never compared
record WordRegression(float[] weights, float intercept) {
  private static final int MOST_STEPS = 100;
  private static final double ENOUGH = 1e-8;

  static WordRegression fit(List<Bag> bags, double[] targets, double penalty) {
    double mean = 0;
    for (double target : targets) {
      mean += target / targets.length;
    }
    double[] centred = new double[targets.length];
    for (int i = 0; i < targets.length; i++) {
      centred[i] = targets[i] - mean;
    }
    double[] weights = new double[BagFeaturizer.BUCKETS];
    double[] residual = back(bags, centred);
    double[] direction = residual.clone();
    double squares = product(residual, residual);
    double enough = squares * ENOUGH;
    for (int step = 0; step < MOST_STEPS && squares > enough; step++) {
      double[] image = back(bags, forth(bags, direction));
      add(image, penalty, direction);
      double length = squares / product(direction, image);
      add(weights, length, direction);
      add(residual, -length, image);
      double next = product(residual, residual);
      double turn = next / squares;
      for (int i = 0; i < direction.length; i++) {
        direction[i] = residual[i] + turn * direction[i];
      }
      squares = next;
    }
    float[] rounded = new float[weights.length];
    for (int i = 0; i < weights.length; i++) {
      rounded[i] = (float) weights[i];
    }
    return new WordRegression(rounded, (float) mean);
  }

  private static double[] forth(List<Bag> bags, double[] weights) {
    double[] values = new double[bags.size()];
    for (int row = 0; row < values.length; row++) {
      Bag bag = bags.get(row);
      for (int i = 0; i < bag.size(); i++) {
        values[row] += weights[bag.buckets()[i]] * bag.weights()[i];
      }
    }
    return values;
  }

  private static double[] back(List<Bag> bags, double[] values) {
    double[] weights = new double[BagFeaturizer.BUCKETS];
    for (int row = 0; row < values.length; row++) {
      Bag bag = bags.get(row);
      for (int i = 0; i < bag.size(); i++) {
        weights[bag.buckets()[i]] += values[row] * bag.weights()[i];
      }
    }
    return weights;
  }

  private static double product(double[] one, double[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += one[i] * other[i];
    }
    return sum;
  }

  private static void add(double[] to, double times, double[] what) {
    for (int i = 0; i < to.length; i++) {
      to[i] += times * what[i];
    }
  }
}
