package io.tierwise.distill.win;

import io.tierwise.distill.Progress;
import io.tierwise.router.InvalidValueException;
import io.tierwise.student.feature.Bag;
import io.tierwise.student.win.Forest;
import io.tierwise.student.win.RandomFeatures;
import io.tierwise.student.win.WinModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Fits a {@link WinModel} to outcomes. The same examples in the same order and seed: the same. */
public final class WinTraining {
  private static final double WORDS_PENALTY = 3;
  private static final double VECTOR_PENALTY = 3;
  private static final double ALIKE_PENALTY = 16;
  private static final int FEATURES = 1024;
  private static final double DOMAINS_PENALTY = 1;
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
    WordRegression words = WordRegression.fit(bags, gains, WORDS_PENALTY);
    double[][] shallow =
        examples.stream().map(each -> each.reading().features()).toArray(double[][]::new);
    List<float[]> vectors = examples.stream().map(each -> each.reading().vector()).toList();
    double[][] wanted =
        Arrays.stream(gains).mapToObj(gain -> new double[] {gain}).toArray(double[][]::new);
    VectorRegression meaning = VectorRegression.fit(vectors, wanted, VECTOR_PENALTY);
    RandomFeatures places = RandomFeatures.of(vectors, FEATURES, seed);
    VectorRegression alike =
        VectorRegression.fit(vectors.stream().map(places::of).toList(), wanted, ALIKE_PENALTY);
    float[] axes = axes(examples, vectors);
    double[][] deep =
        examples.stream()
            .map(each -> WinModel.joined(each.reading().features(), axes, each.reading().vector()))
            .toArray(double[][]::new);
    Forest small = ExtraTrees.fit(SHALLOW, shallow, gains, seed);
    Forest large = ExtraTrees.fit(DEEP, deep, gains, seed + 1);
    return new WinModel(
        words.weights(),
        meaning.weights(),
        places,
        alike.weights(),
        words.intercept() + meaning.intercepts()[0] + alike.intercepts()[0],
        small,
        axes,
        large,
        -1,
        0);
  }

  /** Along domains where the examples name some, else along what differs most. */
  private static float[] axes(List<Example> examples, List<float[]> vectors) {
    List<String> domains = examples.stream().map(each -> each.outcome().domain()).toList();
    List<String> names = domains.stream().distinct().sorted().toList();
    return names.size() > 1
        ? VectorRegression.fit(vectors, members(domains, names), DOMAINS_PENALTY).weights()
        : PrincipalAxes.of(vectors, AXES);
  }

  /**
   * For each example and domain whether it is of it: what domain a prompt is from says much about
   * which model it needs, and is far easier to learn than that.
   */
  private static double[][] members(List<String> domains, List<String> names) {
    return domains.stream()
        .map(each -> names.stream().mapToDouble(name -> name.equals(each) ? 1 : 0).toArray())
        .toArray(double[][]::new);
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
