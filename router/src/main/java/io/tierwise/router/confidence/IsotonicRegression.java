package io.tierwise.router.confidence;

import io.tierwise.router.InvalidValueException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A non-decreasing map from the temperature-scaled top probability to the share that agrees, by
 * pool adjacent violators (Zadrozny, Elkan: Transforming classifier scores into accurate multiclass
 * probability estimates, 2002). Unlike one temperature it corrects any monotone distortion, and for
 * that wants at least {@value #FEWEST_POINTS} points.
 *
 * <p>Each pooled block becomes a knot at its mean score. Between knots the map is linear, so that
 * scores stay apart that a step function would tie, and thresholds can fall between them; outside
 * it is constant.
 *
 * <p>Only the confidence is mapped: label and distribution stay those of the temperature.
 */
public final class IsotonicRegression implements Calibrator {
  /** Below this a fit follows the noise; temperature scaling is right there. */
  public static final int FEWEST_POINTS = 1000;

  private final TemperatureScaling base;
  private final double[] scores;
  private final double[] values;

  /**
   * @param scores the knots' scores, increasing, in [0, 1]
   * @param values the knots' confidences, non-decreasing, in [0, 1]; as many as scores
   */
  public IsotonicRegression(TemperatureScaling base, double[] scores, double[] values) {
    if (scores.length == 0 || scores.length != values.length) {
      throw new InvalidValueException(
          "isotonic",
          scores.length + " scores and " + values.length + " values",
          "give as many of one as of the other, at least one");
    }
    for (int i = 0; i < scores.length; i++) {
      boolean unit = scores[i] >= 0 && scores[i] <= 1 && values[i] >= 0 && values[i] <= 1;
      boolean rising = i == 0 || (scores[i] > scores[i - 1] && values[i] >= values[i - 1]);
      if (!unit || !rising) {
        throw new InvalidValueException(
            "isotonic[" + i + "]",
            "(" + scores[i] + ", " + values[i] + ") does not go on from the knot before",
            "give knots in [0, 1] with rising scores and values that do not fall");
      }
    }
    this.base = base;
    this.scores = scores.clone();
    this.values = values.clone();
  }

  /**
   * @param logits n rows of one number per label, from texts the model was not trained on
   * @param references for each row, the index of the large model's label
   * @throws InvalidValueException when there are too few rows, or the two do not fit together
   */
  public static IsotonicRegression fit(
      TemperatureScaling base, double[][] logits, int[] references) {
    Logits.requireLabelled(logits, references);
    int n = logits.length;
    if (n < FEWEST_POINTS) {
      throw new InvalidValueException(
          "logits",
          n + " rows are too few for isotonic regression",
          "give " + FEWEST_POINTS + " or more, or use temperature scaling");
    }
    double[] scores = new double[n];
    boolean[] agreed = new boolean[n];
    for (int row = 0; row < n; row++) {
      scores[row] = base.confidence(logits[row]).value();
      agreed[row] = Logits.top(logits[row]) == references[row];
    }
    List<Block> blocks = pool(scores, agreed);
    return new IsotonicRegression(
        base,
        blocks.stream().mapToDouble(Block::meanScore).toArray(),
        blocks.stream().mapToDouble(Block::agreement).toArray());
  }

  /** Neighbouring points that share one value. */
  record Block(double lowest, double highest, double sum, int agreed, int points) {
    static Block of(double score, boolean agreed) {
      return new Block(score, score, score, agreed ? 1 : 0, 1);
    }

    /** Never rounded out of the block, so that blocks' means rise as the blocks do. */
    double meanScore() {
      return Math.clamp(sum / points, lowest, highest);
    }

    double agreement() {
      return (double) agreed / points;
    }

    Block with(Block higher) {
      return new Block(
          lowest, higher.highest, sum + higher.sum, agreed + higher.agreed, points + higher.points);
    }
  }

  /** In order of score; of equal scores those that agree come first, so that they are pooled. */
  private static final Comparator<Block> BY_SCORE =
      Comparator.comparingDouble(Block::lowest)
          .thenComparing(Block::agreed, Comparator.reverseOrder());

  /** Blocks of rising score and strictly rising agreement; points of one score are never parted. */
  static List<Block> pool(double[] scores, boolean[] agreed) {
    ArrayDeque<Block> blocks = new ArrayDeque<>();
    IntStream.range(0, scores.length)
        .mapToObj(point -> Block.of(scores[point], agreed[point]))
        .sorted(BY_SCORE)
        .forEachOrdered(point -> {
          Block block = point;
          while (!blocks.isEmpty() && blocks.getLast().agreement() >= block.agreement()) {
            block = blocks.removeLast().with(block);
          }
          blocks.addLast(block);
        });
    return List.copyOf(blocks);
  }

  public TemperatureScaling base() {
    return base;
  }

  public double[] scores() {
    return scores.clone();
  }

  public double[] values() {
    return values.clone();
  }

  @Override
  public Confidence confidence(double[] logits) {
    return new Confidence(at(base.confidence(logits).value()));
  }

  /** The temperature's: they add up to 1, and their top need not be the confidence. */
  @Override
  public double[] probabilities(double[] logits) {
    return base.probabilities(logits);
  }

  private double at(double score) {
    int found = Arrays.binarySearch(scores, score);
    if (found >= 0) {
      return values[found];
    }
    int right = -found - 1;
    if (right == 0) {
      return values[0];
    }
    if (right == scores.length) {
      return values[scores.length - 1];
    }
    double way = (score - scores[right - 1]) / (scores[right] - scores[right - 1]);
    return Math.min(values[right], values[right - 1] + way * (values[right] - values[right - 1]));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof IsotonicRegression that
        && base.equals(that.base)
        && Arrays.equals(scores, that.scores)
        && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return 31 * base.hashCode() + Arrays.hashCode(scores) * 17 + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "isotonic of " + scores.length + " knots over " + base;
  }
}
