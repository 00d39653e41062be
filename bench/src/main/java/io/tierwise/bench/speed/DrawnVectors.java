package io.tierwise.bench.speed;

import java.util.Random;
import java.util.stream.IntStream;

/**
 * Vectors of length 1 by number, each the same whenever it is drawn. Thread-safe.
 *
 * <p>Those of texts vary in far fewer ways than they have numbers, and have much in common. Ones
 * like them are the sum of what all have in common, of some directions by normal chances, and of a
 * rest in any direction. Ones drawn in any direction have no neighbours, as no text's have not, and
 * no search finds its way among them.
 */
public enum DrawnVectors {
  LIKE_TEXTS {
    @Override
    float[] raw(Random random) {
      float[] sum = COMMON.clone();
      for (float[] direction : DIRECTIONS) {
        add(sum, direction, random.nextGaussian() * VARIED);
      }
      add(sum, ANYWHERE.raw(random), REST);
      return sum;
    }
  },
  ANYWHERE {
    @Override
    float[] raw(Random random) {
      float[] vector = new float[WIDTH];
      for (int i = 0; i < WIDTH; i++) {
        vector[i] = (float) random.nextGaussian();
      }
      return ofLengthOne(vector);
    }
  };

  static final int WIDTH = 384;

  // By these the mean similarity of two is 0.37 and that of the nearest of 1,000 and of 10,000 is
  // 0.70
  // and 0.75; of bge-small's vectors of Quora's questions they are 0.39, 0.67 and 0.76.
  private static final int WAYS = 20;
  private static final double VARIED = 0.263;
  private static final double REST = 0.588;
  private static final float[] COMMON = ANYWHERE.raw(new Random(-1));
  private static final float[][] DIRECTIONS =
      IntStream.range(0, WAYS).mapToObj(i -> ANYWHERE.raw(new Random(i))).toArray(float[][]::new);

  abstract float[] raw(Random random);

  /** The vector of a number. */
  float[] vector(long number) {
    return ofLengthOne(raw(new Random(number * 0x9E3779B97F4A7C15L)));
  }

  private static void add(float[] sum, float[] direction, double times) {
    for (int i = 0; i < WIDTH; i++) {
      sum[i] += (float) (times * direction[i]);
    }
  }

  private static float[] ofLengthOne(float[] vector) {
    double squares = 0;
    for (float each : vector) {
      squares += each * each;
    }
    for (int i = 0; i < vector.length; i++) {
      vector[i] /= (float) Math.sqrt(squares);
    }
    return vector;
  }
}
