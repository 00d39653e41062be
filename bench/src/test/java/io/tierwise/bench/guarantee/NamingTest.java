package io.tierwise.bench.guarantee;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.distill.Progress;
import io.tierwise.distill.data.Answered;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.drift.DriftKind;
import io.tierwise.router.request.Distribution;
import io.tierwise.router.request.Label;
import io.tierwise.student.model.Prediction;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class NamingTest {
  private static final Drift.Spec SPEC = new Drift.Spec(0.05, 0.1, 0.05, 5, 10, 1);

  /** Forty labels, four of which the student does not know and is unsure of. */
  private static ScoredData data() {
    SplittableRandom random = new SplittableRandom(5);
    List<Answered> answered = new ArrayList<>();
    List<Prediction> predictions = new ArrayList<>();
    Set<Label> strangers = new HashSet<>();
    for (int i = 0; i < 2_000; i++) {
      Label label = new Label("label-" + i % 40);
      boolean strange = i % 40 < 4;
      if (strange) {
        strangers.add(label);
      }
      double sure = strange ? 0.3 * random.nextDouble() : 1 - 0.5 * random.nextDouble();
      answered.add(Answered.with("text " + i, label));
      predictions.add(
          new Prediction(label, Distribution.certain(label), new Confidence(sure), new double[0]));
    }
    return new ScoredData(answered, predictions, strangers);
  }

  @Test
  void everyDriftGetsItsNameAndACalmSeldomOne() {
    Naming.Measured measured = Naming.run(SPEC, data(), Progress.SILENT);
    Set<String> always =
        measured.named().stream()
            .filter(each -> each.named() == each.streams())
            .map(each -> each.drift() + ": " + each.name().text())
            .collect(Collectors.toSet());
    assertEquals(
        Set.of(
            "30 labels are others now: label-shift",
            "30 labels are others now: large-model-changed",
            "a new domain arrives: label-shift",
            "a new domain arrives: new-texts",
            "the large model changes: large-model-changed",
            "a tenth of the labels grows: label-shift"),
        always);
    for (Naming.Named each : measured.named()) {
      boolean itsOwn = always.contains(each.drift() + ": " + each.name().text());
      assertTrue(itsOwn || each.named() <= 1, each::toString);
      assertTrue(!itsOwn || each.median() <= 500, each::toString);
    }
    for (Naming.False each : measured.falseNames()) {
      assertTrue(each.named() <= 1, each::toString);
      assertEquals(0.01, each.alpha());
    }
    assertEquals(DriftKind.values().length, measured.falseNames().size());
  }
}
