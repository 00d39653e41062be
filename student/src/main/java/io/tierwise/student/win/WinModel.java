package io.tierwise.student.win;

import io.tierwise.router.InvalidValueException;
import io.tierwise.student.feature.Bag;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * How much better the strong model's answer is expected to be: a mixture of a linear part, on the
 * prompt's bag of words and character n-grams and on its {@link PromptFeatures}, and of trees on
 * these features and on what the words say of its domain. A logistic curve turns the sum into the
 * probability that the weak model is good enough.
 *
 * @param linearShare what the linear part is multiplied by; 0 or more
 * @param trees on the features and after them the domains' scores
 * @param treesShare what the trees' mean is multiplied by; 0 or more
 * @param slope of the curve; at most 0, for the more is to be gained, the less the weak model does
 * @param offset of the curve
 */
public record WinModel(
    LinearPart linear,
    double linearShare,
    DomainWords domains,
    Forest trees,
    double treesShare,
    double slope,
    double offset) {
  private static final int MAGIC = 0x54_57_49_32;

  public WinModel {
    double sum = linearShare + treesShare + slope + offset;
    if (!Double.isFinite(sum) || linearShare < 0 || treesShare < 0 || slope > 0) {
      throw damaged("its parts do not fit together");
    }
  }

  /** A prompt as the model reads it. */
  @SuppressWarnings("ArrayRecordComponent") // read once, never compared
  public record Reading(Bag bag, double[] features) {}

  /** The expected gain from the strong model, about in [−1, 1]. */
  public double gain(Reading reading) {
    double[] inputs = joined(reading.features(), domains.scores(reading.bag()));
    return linearShare * linear.value(reading) + treesShare * trees.value(inputs);
  }

  /** The calibrated probability that the weak model is good enough. */
  public double weakWillDo(Reading reading) {
    return 1 / (1 + StrictMath.exp(-(slope * gain(reading) + offset)));
  }

  /** What the trees look at: the features, and after them a score for each domain. */
  public static double[] joined(double[] features, double[] scores) {
    double[] both = new double[features.length + scores.length];
    System.arraycopy(features, 0, both, 0, features.length);
    System.arraycopy(scores, 0, both, features.length, scores.length);
    return both;
  }

  /** The model as a file's content, big-endian. */
  public byte[] bytes() {
    ByteBuffer to =
        ByteBuffer.allocate(
            Integer.BYTES + 4 * Double.BYTES + linear.bytes() + domains.bytes() + trees.bytes());
    to.putInt(MAGIC).putDouble(linearShare).putDouble(treesShare);
    to.putDouble(slope).putDouble(offset);
    linear.write(to);
    domains.write(to);
    trees.write(to);
    return to.array();
  }

  /**
   * @throws InvalidValueException where the content is no such model
   */
  public static WinModel of(byte[] content) {
    try {
      ByteBuffer from = ByteBuffer.wrap(content);
      if (from.getInt() != MAGIC) {
        throw damaged("it is of another version, or damaged");
      }
      double linearShare = from.getDouble();
      double treesShare = from.getDouble();
      double slope = from.getDouble();
      double offset = from.getDouble();
      LinearPart linear = LinearPart.read(from);
      DomainWords domains = DomainWords.read(from);
      Forest trees = Forest.read(from, PromptFeatures.COUNT + domains.domains());
      if (from.hasRemaining()) {
        throw damaged("it goes on after its end");
      }
      return new WinModel(linear, linearShare, domains, trees, treesShare, slope, offset);
    } catch (BufferUnderflowException e) {
      throw damaged("it ends too soon");
    }
  }

  private static InvalidValueException damaged(String trouble) {
    return new InvalidValueException("win router", trouble, "train the router again");
  }
}
