package io.tierwise.distill.bag;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.Requirement;
import io.tierwise.router.request.Task;

/**
 * How to distil a bag. The defaults are one recipe for all tasks, chosen by cross-validation on
 * four public data sets (docs/decisions.md).
 *
 * @param members bags trained from different seeds and averaged; the average of linear models is
 *     one linear model, so serving costs the same
 * @param epochs few, with a falling rate: stopping early is the regulariser
 * @param softShare α: share of the loss on soft labels, the rest on the large model's own label
 * @param temperature T: soft labels and logits are divided by it, and the soft loss is scaled by T²
 *     (Hinton, Vinyals, Dean: Distilling the Knowledge in a Neural Network, 2015)
 */
public record DistillSpec(
    Task.Classification task,
    long seed,
    int members,
    int epochs,
    int batch,
    float softShare,
    float temperature) {
  public DistillSpec {
    Requirement.positive("members", members);
    Requirement.positive("epochs", epochs);
    Requirement.positive("batch", batch);
    Requirement.closedUnit("softShare", softShare);
    if (!(temperature > 0 && Float.isFinite(temperature))) {
      throw new InvalidValueException(
          "temperature", temperature + " is no temperature", "give a finite number above 0");
    }
  }

  /** With another number of members and epochs. */
  public DistillSpec with(int otherMembers, int otherEpochs) {
    return new DistillSpec(task, seed, otherMembers, otherEpochs, batch, softShare, temperature);
  }

  /** With another part and warmth of soft labels. */
  public DistillSpec with(float share, float warmth) {
    return new DistillSpec(task, seed, members, epochs, batch, share, warmth);
  }

  /** The default recipe. */
  public static DistillSpec of(Task.Classification task, long seed) {
    return new DistillSpec(task, seed, 3, 6, 32, 0.3f, 1);
  }
}
