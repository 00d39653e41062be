package io.tierwise.distill.win;

import io.tierwise.distill.Progress;
import io.tierwise.router.InvalidValueException;
import io.tierwise.student.feature.Bag;
import io.tierwise.student.win.Forest;
import io.tierwise.student.win.WinModel;
import java.util.ArrayList;
import java.util.List;

/** Fits a {@link WinModel} to outcomes. The same examples in the same order and seed: the same. */
public final class WinTraining {
  private static final double PENALTY = 3;
  private static final ExtraTrees.Spec SHALLOW = new ExtraTrees.Spec(200, 10, 0.4);
  private static final ExtraTrees.Spec DEEP = new ExtraTrees.Spec(200, 10, 0.3);
  private static final int AXES = 48;
  private static final int FOLDS = 5;

  private WinTraining() {}

  /** A model that ranks prompts; its probabilities are not calibrated. */
  public static WinModel fit(List<Example> examples, long seed) {
    if (examples.size() < FOLDS) {
      throw new InvalidValueException(
          "outcomes", "there are " + examples.size(), "give " + FOLDS + " at least");
    }
    double[] gains = examples.stream().mapToDouble(each -> each.outcome().gain()).toArray();
    List<Bag> bags = examples.stream().map(each -> each.reading().bag()).toList();
    WordRegression words = WordRegression.fit(bags, gains, PENALTY);
    double[][] shallow =
        examples.stream().map(each -> each.reading().features()).toArray(double[][]::new);
    List<float[]> vectors = examples.stream().map(each -> each.reading().vector()).toList();
    float[] axes = axes(examples, vectors);
    double[][] deep =
        examples.stream()
            .map(each -> WinModel.joined(each.reading().features(), axes, each.reading().vector()))
            .toArray(double[][]::new);
    Forest small = ExtraTrees.fit(SHALLOW, shallow, gains, seed);
    Forest large = ExtraTrees.fit(DEEP, deep, gains, seed + 1);
    int dimensions = vectors.getFirst().length;
    return new WinModel(words.weights(), words.intercept(), small, axes, dimensions, large, -1, 0);
  }

  /** Along domains where the examples name some, else along what differs most. */
  private static float[] axes(List<Example> examples, List<float[]> vectors) {
    List<String> domains = examples.stream().map(each -> each.outcome().domain()).toList();
    return domains.stream().distinct().count() > 1
        ? DomainAxes.of(vectors, domains)
        : PrincipalAxes.of(vectors, AXES);
  }

  /**
   * A model whose probabilities are calibrated on what it gives prompts that it was not trained on:
   * each fifth of the examples is scored by a model of the others.
   */
  public static WinModel calibrated(List<Example> examples, long seed, Progress progress) {
    double[] scores = new double[examples.size()];
    double[] goods = new double[examples.size()];
    for (int fold = 0; fold < FOLDS; fold++) {
      List<Example> others = new ArrayList<>();
      for (int i = 0; i < scores.length; i++) {
        if (i % FOLDS != fold) {
          others.add(examples.get(i));
        }
      }
      WinModel model = fit(others, seed);
      for (int i = fold; i < scores.length; i += FOLDS) {
        scores[i] = model.gain(examples.get(i).reading());
        goods[i] = 1 - Math.max(0, examples.get(i).outcome().gain());
      }
      progress.report("calibrating", fold + 1L, FOLDS);
    }
    LogisticCurve curve = LogisticCurve.fit(scores, goods);
    return fit(examples, seed).on(curve.slope(), curve.offset());
  }
}
