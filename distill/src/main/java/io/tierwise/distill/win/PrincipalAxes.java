package io.tierwise.distill.win;

import java.util.List;
import java.util.SplittableRandom;

/**
 * The axes along which vectors differ most, by orthogonal iteration on their covariance: enough
 * turns for what only has to span what matters, and the same bits on every machine.
 */
final class PrincipalAxes {
  private static final int TURNS = 30;

  private PrincipalAxes() {}

  /**
   * @param count at most as many as a vector has numbers
   * @return row-major [count][dimensions], orthonormal
   */
  static float[] of(List<float[]> vectors, int count) {
    int dimensions = vectors.getFirst().length;
    double[][] covariance = covariance(vectors, dimensions);
    SplittableRandom random = new SplittableRandom(1);
    double[][] axes = new double[Math.min(count, dimensions)][dimensions];
    for (double[] axis : axes) {
      for (int d = 0; d < dimensions; d++) {
        axis[d] = random.nextDouble() - 0.5;
      }
    }
    for (int turn = 0; turn < TURNS; turn++) {
      for (int i = 0; i < axes.length; i++) {
        axes[i] = times(covariance, axes[i]);
      }
      orthonormalise(axes);
    }
    float[] flat = new float[axes.length * dimensions];
    for (int i = 0; i < axes.length; i++) {
      for (int d = 0; d < dimensions; d++) {
        flat[i * dimensions + d] = (float) axes[i][d];
      }
    }
    return flat;
  }

  private static double[][] covariance(List<float[]> vectors, int dimensions) {
    double[] mean = new double[dimensions];
    for (float[] vector : vectors) {
      for (int d = 0; d < dimensions; d++) {
        mean[d] += vector[d] / vectors.size();
      }
    }
    double[][] covariance = new double[dimensions][dimensions];
    double[] centred = new double[dimensions];
    for (float[] vector : vectors) {
      for (int d = 0; d < dimensions; d++) {
        centred[d] = vector[d] - mean[d];
      }
      for (int d = 0; d < dimensions; d++) {
        for (int e = 0; e < dimensions; e++) {
          covariance[d][e] += centred[d] * centred[e];
        }
      }
    }
    return covariance;
  }

  private static double[] times(double[][] matrix, double[] vector) {
    double[] product = new double[vector.length];
    for (int d = 0; d < vector.length; d++) {
      product[d] = product(matrix[d], vector);
    }
    return product;
  }

  /** Gram and Schmidt's, in place. */
  private static void orthonormalise(double[][] axes) {
    for (int i = 0; i < axes.length; i++) {
      for (int j = 0; j < i; j++) {
        double along = product(axes[i], axes[j]);
        for (int d = 0; d < axes[i].length; d++) {
          axes[i][d] -= along * axes[j][d];
        }
      }
      double norm = Math.sqrt(product(axes[i], axes[i]));
      for (int d = 0; d < axes[i].length; d++) {
        axes[i][d] = norm > 0 ? axes[i][d] / norm : 0;
      }
    }
  }

  private static double product(double[] one, double[] other) {
    double sum = 0;
    for (int d = 0; d < one.length; d++) {
      sum += one[d] * other[d];
    }
    return sum;
  }
}
