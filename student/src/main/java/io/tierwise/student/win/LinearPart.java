package io.tierwise.student.win;

import io.tierwise.router.InvalidValueException;
import io.tierwise.student.feature.Bag;
import io.tierwise.student.feature.BagFeaturizer;
import java.nio.ByteBuffer;

/**
 * A weight for each bucket of a prompt's bag and for each of its {@link PromptFeatures}, these
 * measured in deviations from their mean and held within {@value #MOST} of them.
 *
 * @param words [{@link BagFeaturizer#BUCKETS}]
 * @param features [{@link PromptFeatures#COUNT}]
 * @param means [{@link PromptFeatures#COUNT}]
 * @param deviations [{@link PromptFeatures#COUNT}], each above 0
 */
@SuppressWarnings("ArrayRecordComponent") // weights by the hundred thousand, never compared
public record LinearPart(
    float intercept, float[] words, float[] features, float[] means, float[] deviations) {
  private static final double MOST = 4;

  public LinearPart {
    int count = PromptFeatures.COUNT;
    if (words.length != BagFeaturizer.BUCKETS
        || features.length != count
        || means.length != count
        || deviations.length != count) {
      throw new InvalidValueException(
          "linear part", "its arrays do not fit together", "train the router again");
    }
  }

  public double value(WinModel.Reading reading) {
    double sum = intercept;
    Bag bag = reading.bag();
    for (int i = 0; i < bag.size(); i++) {
      sum += words[bag.buckets()[i]] * bag.weights()[i];
    }
    for (int i = 0; i < features.length; i++) {
      sum += features[i] * standard(reading.features()[i], means[i], deviations[i]);
    }
    return sum;
  }

  /** A feature's distance from its mean, in deviations. */
  public static double standard(double value, float mean, float deviation) {
    return Math.clamp((value - mean) / deviation, -MOST, MOST);
  }

  int bytes() {
    return Float.BYTES * (1 + words.length + 3 * PromptFeatures.COUNT);
  }

  void write(ByteBuffer to) {
    to.putFloat(intercept);
    for (float[] part : new float[][] {words, features, means, deviations}) {
      Floats.write(to, part);
    }
  }

  static LinearPart read(ByteBuffer from) {
    return new LinearPart(
        from.getFloat(),
        Floats.read(from, BagFeaturizer.BUCKETS),
        Floats.read(from, PromptFeatures.COUNT),
        Floats.read(from, PromptFeatures.COUNT),
        Floats.read(from, PromptFeatures.COUNT));
  }
}
