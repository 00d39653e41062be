package io.tierwise.distill.win;

import io.tierwise.student.feature.Bag;
import io.tierwise.student.feature.BagFeaturizer;
import io.tierwise.student.win.LinearPart;
import io.tierwise.student.win.PromptFeatures;
import io.tierwise.student.win.WinModel.Reading;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Ridge regression on bags and features: minimises Σ(w·x + b − y)² + λ‖w‖², b being the mean of y,
 * by conjugate gradients on the normal equations (Hestenes, Stiefel, 1952). Deterministic.
 */
final class LinearRegression {
  private static final double PENALTY = 5;

  /** Of all features together, where a bag's squared norm is 1. */
  private static final double FEATURES_NORM = 0.1;

  private static final double SCALE = Math.sqrt(FEATURES_NORM / PromptFeatures.COUNT);
  private static final int FOLDS = 3;

  /** Further ones change no prediction that matters. */
  private static final int MOST_STEPS = 30;

  private static final double ENOUGH = 1e-8;

  private final List<Bag> bags;
  private final double[][] features;

  private LinearRegression(List<Bag> bags, double[][] features) {
    this.bags = bags;
    this.features = features;
  }

  /** Predictions of each third of the examples from the others. */
  static double[] unseen(List<Reading> readings, double[] targets) {
    double[] unseen = new double[targets.length];
    IntStream.range(0, FOLDS)
        .parallel()
        .forEach(fold -> {
          int[] others =
              IntStream.range(0, targets.length).filter(i -> i % FOLDS != fold).toArray();
          LinearPart part =
              fit(
                  IntStream.of(others).mapToObj(readings::get).toList(),
                  IntStream.of(others).mapToDouble(i -> targets[i]).toArray());
          for (int i = fold; i < unseen.length; i += FOLDS) {
            unseen[i] = part.value(readings.get(i));
          }
        });
    return unseen;
  }

  static LinearPart fit(List<Reading> readings, double[] targets) {
    float[] means = new float[PromptFeatures.COUNT];
    float[] deviations = new float[PromptFeatures.COUNT];
    for (int feature = 0; feature < means.length; feature++) {
      int at = feature;
      double[] values = readings.stream().mapToDouble(each -> each.features()[at]).toArray();
      double mean = mean(values);
      double variance =
          mean(
              IntStream.range(0, values.length)
                  .mapToDouble(i -> (values[i] - mean) * (values[i] - mean))
                  .toArray());
      means[feature] = (float) mean;
      deviations[feature] = variance > 0 ? (float) Math.sqrt(variance) : 1;
    }
    double[][] scaled =
        readings.stream()
            .map(each -> scaled(each.features(), means, deviations))
            .toArray(double[][]::new);
    double mean = mean(targets);
    double[] weights =
        new LinearRegression(readings.stream().map(Reading::bag).toList(), scaled)
            .solve(
                IntStream.range(0, targets.length).mapToDouble(i -> targets[i] - mean).toArray());
    float[] words = new float[BagFeaturizer.BUCKETS];
    for (int i = 0; i < words.length; i++) {
      words[i] = (float) weights[i];
    }
    float[] features = new float[PromptFeatures.COUNT];
    for (int i = 0; i < features.length; i++) {
      features[i] = (float) (weights[words.length + i] * SCALE);
    }
    return new LinearPart((float) mean, words, features, means, deviations);
  }

  private static double[] scaled(double[] features, float[] means, float[] deviations) {
    return IntStream.range(0, features.length)
        .mapToDouble(i -> SCALE * LinearPart.standard(features[i], means[i], deviations[i]))
        .toArray();
  }

  private double[] solve(double[] centred) {
    double[] weights = new double[BagFeaturizer.BUCKETS + PromptFeatures.COUNT];
    double[] residual = back(centred);
    double[] direction = residual.clone();
    double squares = product(residual, residual);
    double enough = squares * ENOUGH;
    for (int step = 0; step < MOST_STEPS && squares > enough; step++) {
      double[] image = back(forth(direction));
      add(image, PENALTY, direction);
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
    return weights;
  }

  private double[] forth(double[] weights) {
    double[] values = new double[bags.size()];
    for (int row = 0; row < values.length; row++) {
      Bag bag = bags.get(row);
      for (int i = 0; i < bag.size(); i++) {
        values[row] += weights[bag.buckets()[i]] * bag.weights()[i];
      }
      for (int i = 0; i < features[row].length; i++) {
        values[row] += weights[BagFeaturizer.BUCKETS + i] * features[row][i];
      }
    }
    return values;
  }

  private double[] back(double[] values) {
    double[] weights = new double[BagFeaturizer.BUCKETS + PromptFeatures.COUNT];
    for (int row = 0; row < values.length; row++) {
      Bag bag = bags.get(row);
      for (int i = 0; i < bag.size(); i++) {
        weights[bag.buckets()[i]] += values[row] * bag.weights()[i];
      }
      for (int i = 0; i < features[row].length; i++) {
        weights[BagFeaturizer.BUCKETS + i] += values[row] * features[row][i];
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

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }
}
