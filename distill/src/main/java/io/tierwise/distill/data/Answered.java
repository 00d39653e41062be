package io.tierwise.distill.data;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.request.Distribution;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Label;
import java.util.List;

/**
 * An input and the large model's answer to it.
 *
 * @param reference the large model's distribution; certain where it reports only its label
 */
public record Answered(Input input, Label label, Distribution reference) {
  public Answered(String text, Label label, Distribution reference) {
    this(new Input.Text(text), label, reference);
  }

  /**
   * The text, where only texts will do.
   *
   * @throws InvalidValueException when it is a feature vector
   */
  public String text() {
    return switch (input) {
      case Input.Text text -> text.value();
      case Input.Features features ->
          throw new InvalidValueException("features", "this works on texts", "give rows with text");
    };
  }

  /** An answer without probabilities. */
  public static Answered with(String text, Label label) {
    return new Answered(text, label, Distribution.certain(label));
  }

  /** The reference's probabilities in the order of {@code labels}: [classes]. */
  public float[] target(List<Label> labels) {
    float[] target = new float[labels.size()];
    for (int i = 0; i < reference.labels().size(); i++) {
      int index = labels.indexOf(reference.labels().get(i));
      if (index < 0) {
        throw new InvalidValueException(
            "reference",
            "'" + reference.labels().get(i) + "' is not a label of the task",
            "add it to the labels, or leave the row out");
      }
      target[index] = (float) reference.probability(i);
    }
    return target;
  }
}
