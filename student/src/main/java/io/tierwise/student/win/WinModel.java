package io.tierwise.student.win;

import io.tierwise.router.InvalidValueException;
import io.tierwise.student.feature.Bag;
import io.tierwise.student.feature.BagFeaturizer;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * How much better the strong model's answer is expected to be: the mean of five regressions of
 * (strong − weak): linear ones on the prompt's bag of words and character n-grams, on the encoder's
 * vector and on {@link RandomFeatures} of it, one by trees on its {@link PromptFeatures}, and one
 * by trees on these and the vector's place on some axes. A logistic curve turns the mean into the
 * probability that the weak model is good enough.
 *
 * @param words [{@link BagFeaturizer#BUCKETS}] one weight a bucket
 * @param vector [dimensions] one weight a number of the encoder's vector
 * @param places features of that vector
 * @param alike [{@link RandomFeatures#count}] one weight a feature
 * @param intercept of the linear parts together
 * @param axes row-major [axes][dimensions]: what a vector is projected on
 * @param slope of the curve; at most 0, for the more is to be gained, the less the weak model does
 * @param offset of the curve
 */
@SuppressWarnings("ArrayRecordComponent") // weights by the million, never compared
public record WinModel(
    float[] words,
    float[] vector,
    RandomFeatures places,
    float[] alike,
    float intercept,
    Forest shallow,
    float[] axes,
    Forest deep,
    double slope,
    double offset) {
  private static final int PARTS = 5;
  private static final int MAGIC = 0x54_57_49_33;

  public WinModel {
    boolean finite = Double.isFinite(slope) && Double.isFinite(offset) && slope <= 0;
    if (words.length != BagFeaturizer.BUCKETS
        || vector.length != places.dimensions()
        || alike.length != places.count()
        || axes.length % places.dimensions() != 0
        || !finite) {
      throw damaged("its parts do not fit together");
    }
  }

  /** The same on another curve. */
  public WinModel on(double otherSlope, double otherOffset) {
    return new WinModel(
        words, vector, places, alike, intercept, shallow, axes, deep, otherSlope, otherOffset);
  }

  /** A prompt as the model reads it. */
  public record Reading(Bag bag, double[] features, float[] vector) {}

  /** The expected gain from the strong model, about in [−1, 1]. */
  public double gain(Reading reading) {
    double linear = intercept;
    Bag bag = reading.bag();
    for (int i = 0; i < bag.size(); i++) {
      linear += words[bag.buckets()[i]] * bag.weights()[i];
    }
    for (int d = 0; d < vector.length; d++) {
      linear += vector[d] * reading.vector()[d];
    }
    float[] features = places.of(reading.vector());
    for (int i = 0; i < alike.length; i++) {
      linear += alike[i] * features[i];
    }
    double[] both = joined(reading.features(), axes, reading.vector());
    return (linear + shallow.value(reading.features()) + deep.value(both)) / PARTS;
  }

  /** The calibrated probability that the weak model is good enough. */
  public double weakWillDo(Reading reading) {
    return 1 / (1 + StrictMath.exp(-(slope * gain(reading) + offset)));
  }

  /** The features, and after them the vector's place on each axis. */
  public static double[] joined(double[] features, float[] axes, float[] vector) {
    int count = axes.length / vector.length;
    double[] both = new double[features.length + count];
    System.arraycopy(features, 0, both, 0, features.length);
    for (int axis = 0; axis < count; axis++) {
      double place = 0;
      for (int d = 0; d < vector.length; d++) {
        place += (double) axes[axis * vector.length + d] * vector[d];
      }
      both[features.length + axis] = place;
    }
    return both;
  }

  /** The model as a file's content, big-endian. */
  public byte[] bytes() {
    ByteBuffer to =
        ByteBuffer.allocate(
            4 * Integer.BYTES
                + Long.BYTES
                + (2 + words.length + 2 * vector.length + alike.length + axes.length) * Float.BYTES
                + 2 * Double.BYTES
                + shallow.bytes()
                + deep.bytes());
    to.putInt(MAGIC).putInt(places.dimensions()).putInt(places.count()).putInt(axes.length);
    to.putLong(places.seed()).putFloat(places.scale()).putFloat(intercept);
    to.putDouble(slope).putDouble(offset);
    for (float[] part : new float[][] {words, vector, places.centre(), alike, axes}) {
      for (float each : part) {
        to.putFloat(each);
      }
    }
    shallow.write(to);
    deep.write(to);
    return to.array();
  }

  /**
   * @throws InvalidValueException where the content is no such model
   */
  public static WinModel of(byte[] content) {
    try {
      ByteBuffer from = ByteBuffer.wrap(content);
      if (from.getInt() != MAGIC) {
        throw damaged("it does not begin as one");
      }
      int dimensions = from.getInt();
      int count = from.getInt();
      int axesLength = from.getInt();
      long seed = from.getLong();
      float scale = from.getFloat();
      float intercept = from.getFloat();
      double slope = from.getDouble();
      double offset = from.getDouble();
      float[] words = floats(from, BagFeaturizer.BUCKETS);
      float[] vector = floats(from, dimensions);
      float[] centre = floats(from, dimensions);
      float[] alike = floats(from, count);
      float[] axes = floats(from, axesLength);
      Forest shallow = Forest.read(from, PromptFeatures.COUNT);
      int inputs = PromptFeatures.COUNT + axesLength / Math.max(1, dimensions);
      Forest deep = Forest.read(from, inputs);
      if (from.hasRemaining()) {
        throw damaged("it goes on after its end");
      }
      RandomFeatures places = new RandomFeatures(centre, scale, count, seed);
      return new WinModel(
          words, vector, places, alike, intercept, shallow, axes, deep, slope, offset);
    } catch (BufferUnderflowException e) {
      throw damaged("it ends too soon");
    }
  }

  private static float[] floats(ByteBuffer from, int count) {
    if (count < 0 || count > from.remaining() / Float.BYTES) {
      throw damaged("it ends too soon");
    }
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = from.getFloat();
      if (!Float.isFinite(values[i])) {
        throw damaged("a weight is " + values[i]);
      }
    }
    return values;
  }

  private static InvalidValueException damaged(String trouble) {
    return new InvalidValueException("win router", trouble, "train the router again");
  }
}
