package io.tierwise.distill.win;

import io.tierwise.distill.Progress;
import io.tierwise.router.InvalidValueException;
import io.tierwise.student.feature.Bag;
import io.tierwise.student.win.LinearPart;
import io.tierwise.student.win.WinModel;
import io.tierwise.student.win.WinModel.Reading;
import java.util.List;
import java.util.stream.IntStream;

/** Fits a {@link WinModel} to outcomes. The same examples in the same order and seed: the same. */
public final class WinTraining {
  private static final ExtraTrees.Spec TREES = new ExtraTrees.Spec(100, 15, 0.4);
  private static final int FEWEST = 5;
  private static final String STAGE = "training";

  private WinTraining() {}

  /**
   * The shares of the parts, and the curve that makes a probability of their sum, are fitted on
   * what each part says of examples that it was not trained on.
   */
  public static WinModel fit(List<Example> examples, long seed, Progress progress) {
    if (examples.size() < FEWEST) {
      throw new InvalidValueException(
          "outcomes", "there are " + examples.size(), "give " + FEWEST + " at least");
    }
    List<Reading> readings = examples.stream().map(Example::reading).toList();
    double[] gains = examples.stream().mapToDouble(each -> each.outcome().gain()).toArray();
    LinearPart linear = LinearRegression.fit(readings, gains);
    double[] linearUnseen = LinearRegression.unseen(readings, gains);
    progress.report(STAGE, 1, 2);

    List<Bag> bags = readings.stream().map(Reading::bag).toList();
    DomainCounts counts =
        new DomainCounts(bags, examples.stream().map(each -> each.outcome().domain()).toList());
    double[][] inputs =
        examples.stream()
            .map(each ->
                WinModel.joined(
                    each.reading().features(),
                    counts.unseen(each.reading().bag(), each.outcome().domain())))
            .toArray(double[][]::new);
    ExtraTrees.Fitted trees = ExtraTrees.fit(TREES, inputs, gains, seed);
    progress.report(STAGE, 2, 2);

    Shares shares = Shares.of(linearUnseen, trees.unseen(), gains);
    double[] scores =
        IntStream.range(0, gains.length)
            .mapToDouble(i -> shares.mixed(linearUnseen[i], trees.unseen()[i]))
            .toArray();
    double[] goods =
        examples.stream().mapToDouble(each -> 1 - Math.max(0, each.outcome().gain())).toArray();
    LogisticCurve curve = LogisticCurve.fit(scores, goods);
    return new WinModel(
        linear,
        shares.first(),
        counts.words(),
        trees.forest(),
        shares.second(),
        curve.slope(),
        curve.offset());
  }
}
