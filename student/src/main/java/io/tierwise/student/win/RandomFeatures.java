package io.tierwise.student.win;

import io.tierwise.router.InvalidValueException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Random Fourier features of a Gaussian kernel (Rahimi, Recht: Random features for large-scale
 * kernel machines, 2007): the product of two vectors' features is about exp(−‖x − y‖² / 2s²), s²
 * being the mean squared distance from the centre. So a linear regression on them says little where
 * it has seen nothing alike, which one on the vectors themselves does not. Directions and phases
 * are drawn from the seed, the same everywhere.
 */
public final class RandomFeatures {
  /** Far above any encoder's: what a damaged file says is not believed. */
  private static final long LARGEST = 1 << 26;

  private final float[] centre;
  private final float scale;
  private final int count;
  private final long seed;
  private final float[] directions;
  private final float[] phases;

  /**
   * @param centre [dimensions] the mean of the vectors
   * @param scale the root of their mean squared distance from it
   * @param count how many features
   * @throws InvalidValueException where there is no feature, no dimension, or no positive scale
   */
  public RandomFeatures(float[] centre, float scale, int count, long seed) {
    boolean sizes = centre.length > 0 && count > 0 && (long) count * centre.length <= LARGEST;
    if (!sizes || !(scale > 0) || !Float.isFinite(scale)) {
      throw new InvalidValueException(
          "features",
          count + " of " + centre.length + " numbers at scale " + scale,
          "give vectors that differ");
    }
    this.centre = centre.clone();
    this.scale = scale;
    this.count = count;
    this.seed = seed;
    this.directions = new float[count * centre.length];
    this.phases = new float[count];
    Random random = new Random(seed);
    for (int i = 0; i < directions.length; i++) {
      directions[i] = (float) (random.nextGaussian() / scale);
    }
    for (int i = 0; i < count; i++) {
      phases[i] = (float) (2 * Math.PI * random.nextDouble());
    }
  }

  /** Those for vectors like these. */
  public static RandomFeatures of(List<float[]> vectors, int count, long seed) {
    int dimensions = vectors.getFirst().length;
    double[] mean = new double[dimensions];
    for (float[] vector : vectors) {
      for (int d = 0; d < dimensions; d++) {
        mean[d] += vector[d] / (double) vectors.size();
      }
    }
    double squares = 0;
    for (float[] vector : vectors) {
      for (int d = 0; d < dimensions; d++) {
        squares += (vector[d] - mean[d]) * (vector[d] - mean[d]);
      }
    }
    float[] centre = new float[dimensions];
    for (int d = 0; d < dimensions; d++) {
      centre[d] = (float) mean[d];
    }
    double spread = Math.sqrt(squares / vectors.size());
    // Where all vectors are the same any scale will do.
    return new RandomFeatures(centre, spread > 0 ? (float) spread : 1, count, seed);
  }

  /**
   * The features of a vector.
   *
   * @return [count]
   */
  public float[] of(float[] vector) {
    float[] apart = new float[centre.length];
    for (int d = 0; d < apart.length; d++) {
      apart[d] = vector[d] - centre[d];
    }
    float[] features = new float[count];
    double length = Math.sqrt(2.0 / count);
    for (int i = 0; i < count; i++) {
      float angle = phases[i];
      int from = i * apart.length;
      for (int d = 0; d < apart.length; d++) {
        angle += directions[from + d] * apart[d];
      }
      features[i] = (float) (length * StrictMath.cos(angle));
    }
    return features;
  }

  /** How many numbers a vector has. */
  public int dimensions() {
    return centre.length;
  }

  /** How many features one has. */
  public int count() {
    return count;
  }

  float[] centre() {
    return Arrays.copyOf(centre, centre.length);
  }

  float scale() {
    return scale;
  }

  long seed() {
    return seed;
  }
}
