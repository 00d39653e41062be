package io.tierwise.distill.encoder;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.Requirement;
import io.tierwise.router.request.Task;
import java.util.List;

/**
 * How to distil an encoder.
 *
 * @param layers of the teacher that the student begins with
 * @param commonPieces most frequent word pieces of English that are kept beside the corpus's own
 * @param mostTokens of a text that the student reads
 * @param imitation of the teacher's last states; comes first
 * @param answering the task itself; comes second
 * @param softShare α of the loss on soft labels
 * @param temperature T of the soft labels
 */
public record EncoderSpec(
    Task.Classification task,
    long seed,
    List<Integer> layers,
    int commonPieces,
    int mostTokens,
    Training imitation,
    Training answering,
    float softShare,
    float temperature) {
  /** Follow on one another, so that nothing has to be learned again before the task is. */
  private static final List<Integer> LOWEST = List.of(0, 1);

  public EncoderSpec {
    layers = List.copyOf(layers);
    if (layers.isEmpty()) {
      throw new InvalidValueException("layers", "there are none", "choose two or three");
    }
    Requirement.notNegative("commonPieces", commonPieces);
    Requirement.positive("mostTokens", mostTokens);
    Requirement.closedUnit("softShare", softShare);
  }

  /** Beginning with other layers. */
  public EncoderSpec withLayers(List<Integer> other) {
    return new EncoderSpec(
        task, seed, other, commonPieces, mostTokens, imitation, answering, softShare, temperature);
  }

  /** With other numbers of epochs. */
  public EncoderSpec withEpochs(int imitating, int answeringFor) {
    return new EncoderSpec(
        task,
        seed,
        layers,
        commonPieces,
        mostTokens,
        imitation.with(imitating),
        answering.with(answeringFor),
        softShare,
        temperature);
  }

  /** With another part and warmth of soft labels. */
  public EncoderSpec withSoftLabels(float share, float warmth) {
    return new EncoderSpec(
        task, seed, layers, commonPieces, mostTokens, imitation, answering, share, warmth);
  }

  /** The default recipe. */
  public static EncoderSpec of(Task.Classification task, long seed) {
    return new EncoderSpec(
        task,
        seed,
        LOWEST,
        4_000,
        128,
        new Training(0, 64, 5e-4f, 0),
        new Training(4, 64, 4e-4f, 0.1f),
        0.5f,
        2);
  }
}
