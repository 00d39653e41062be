package io.tierwise.distill.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tierwise.distill.Progress;
import io.tierwise.distill.train.SoftmaxRegression;
import io.tierwise.router.InvalidValueException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PenaltyChoiceTest {
  private static final SoftmaxRegression.Spec FIT =
      new SoftmaxRegression.Spec(20, 100, 32, 0.1f, 1);

  /** The rarer class is told by one feature: a large penalty never gives it weight. */
  @Test
  void choosesThePenaltyThatAnswersMostOfWhatWasHeldOut() {
    List<float[]> features = new ArrayList<>();
    List<float[]> targets = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      boolean rare = i % 20 == 0 || i % 7 == 0;
      features.add(new float[] {rare ? 2f : 0});
      targets.add(rare ? new float[] {0, 1} : new float[] {1, 0});
    }
    List<Float> penalties = List.of(100f, 1e-5f, 1e-6f);
    assertEquals(1e-5f, PenaltyChoice.best(FIT, penalties, features, targets, Progress.SILENT));
  }

  @Test
  void triesNothingWhereThereIsNothingToChooseFrom() {
    List<float[]> one = List.of(new float[] {1, 0});
    assertEquals(0.5f, PenaltyChoice.best(FIT, List.of(0.5f), one, one, Progress.SILENT));
    assertThrows(
        InvalidValueException.class,
        () -> PenaltyChoice.best(FIT, List.of(), one, one, Progress.SILENT));
  }
}
