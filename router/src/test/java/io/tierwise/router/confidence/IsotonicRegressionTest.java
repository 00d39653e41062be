package io.tierwise.router.confidence;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.confidence.IsotonicRegression.Block;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class IsotonicRegressionTest {
  private static final TemperatureScaling ONE = new TemperatureScaling(1);

  /** Two logits whose top probability at T = 1 is this. */
  private static double[] logits(double confidence) {
    return new double[] {Math.log(confidence / (1 - confidence)), 0};
  }

  private static double[] agreements(List<Block> blocks) {
    return blocks.stream().mapToDouble(Block::agreement).toArray();
  }

  @Test
  void poolsNeighboursThatViolateTheOrder() {
    // 1 at 0.2 and 0 at 0.3 pool to ½; the 0 at 0.5 pulls the 1 at 0.4 and then both to ½
    List<Block> blocks =
        IsotonicRegression.pool(
            new double[] {0.1, 0.2, 0.3, 0.4, 0.5, 0.6},
            new boolean[] {false, true, false, true, false, true});
    assertArrayEquals(new double[] {0, 0.5, 1}, agreements(blocks));
    assertArrayEquals(
        new double[] {0.1, 0.35, 0.6},
        blocks.stream().mapToDouble(Block::meanScore).toArray(),
        1e-15);
    assertEquals(List.of(1, 4, 1), blocks.stream().map(Block::points).toList());
  }

  @Test
  void doesNotDependOnTheOrderOfThePoints() {
    assertEquals(
        IsotonicRegression.pool(new double[] {0.25, 0.5, 0.75}, new boolean[] {true, false, true}),
        IsotonicRegression.pool(new double[] {0.75, 0.25, 0.5}, new boolean[] {true, true, false}));
  }

  @Test
  void pointsOfOneScoreShareOneValue() {
    List<Block> blocks =
        IsotonicRegression.pool(
            new double[] {0.5, 0.9, 0.9, 0.9, 0.9}, new boolean[] {true, false, true, true, true});
    // as one block, 0.9 agrees in ¾, and 0.5 in all: pooled to 4/5
    assertArrayEquals(new double[] {0.8}, agreements(blocks));
    assertArrayEquals(
        new double[] {0, 0.75},
        agreements(
            IsotonicRegression.pool(
                new double[] {0.5, 0.9, 0.9, 0.9, 0.9},
                new boolean[] {false, false, true, true, true})));
  }

  @Test
  void isLinearBetweenKnotsAndConstantOutside() {
    IsotonicRegression isotonic =
        new IsotonicRegression(ONE, new double[] {0.6, 0.8}, new double[] {0.3, 0.9});
    assertEquals(0.3, isotonic.confidence(logits(0.55)).value());
    assertEquals(0.3, isotonic.confidence(logits(0.6)).value(), 1e-12);
    assertEquals(0.45, isotonic.confidence(logits(0.65)).value(), 1e-12);
    assertEquals(0.6, isotonic.confidence(logits(0.7)).value(), 1e-12);
    assertEquals(0.9, isotonic.confidence(logits(0.99)).value());
  }

  @Test
  void leavesTheDistributionToTheTemperature() {
    IsotonicRegression isotonic =
        new IsotonicRegression(ONE, new double[] {0.6}, new double[] {0.1});
    assertArrayEquals(ONE.probabilities(logits(0.7)), isotonic.probabilities(logits(0.7)));
  }

  @Test
  void correctsADistortionThatNoTemperatureCan() {
    // truth: the share that agrees is the square of the score
    SplittableRandom random = new SplittableRandom(9);
    int n = 20_000;
    double[][] logits = new double[n][];
    int[] references = new int[n];
    for (int i = 0; i < n; i++) {
      double score = 0.5 + random.nextDouble() / 2;
      logits[i] = logits(score);
      references[i] = random.nextDouble() < score * score ? 0 : 1;
    }
    TemperatureScaling temperature = TemperatureScaling.fit(logits, references);
    IsotonicRegression isotonic = IsotonicRegression.fit(ONE, logits, references);
    for (double score : new double[] {0.6, 0.7, 0.8, 0.9}) {
      assertEquals(score * score, isotonic.confidence(logits(score)).value(), 0.03);
    }
    double wrongBy = temperature.confidence(logits(0.6)).value() - 0.36;
    assertTrue(wrongBy > 0.1, () -> "off by " + wrongBy);
  }

  @Test
  void refusesTooFewPoints() {
    InvalidValueException trouble =
        assertThrows(
            InvalidValueException.class,
            () -> IsotonicRegression.fit(ONE, new double[999][2], new int[999]));
    assertEquals(
        "logits: 999 rows are too few for isotonic regression; "
            + "give 1000 or more, or use temperature scaling",
        trouble.getMessage());
    assertThrows(
        InvalidValueException.class,
        () -> IsotonicRegression.fit(ONE, new double[0][], new int[0]));
  }

  @Test
  void equalRowsMakeOneKnot() {
    double[][] logits = new double[1000][];
    Arrays.fill(logits, logits(0.7));
    IsotonicRegression isotonic = IsotonicRegression.fit(ONE, logits, new int[1000]);
    assertEquals(1, isotonic.scores().length);
    assertEquals(Confidence.FULL, isotonic.confidence(logits(0.7)));
  }

  @Test
  void refusesKnotsThatDoNotRise() {
    assertEquals("isotonic", trouble(new double[0], new double[0]));
    assertEquals("isotonic", trouble(new double[] {0.1}, new double[] {0.1, 0.2}));
    assertEquals("isotonic[1]", trouble(new double[] {0.2, 0.2}, new double[] {0.1, 0.2}));
    assertEquals("isotonic[1]", trouble(new double[] {0.1, 0.2}, new double[] {0.2, 0.1}));
    assertEquals("isotonic[0]", trouble(new double[] {0.1}, new double[] {1.1}));
    assertEquals("isotonic[0]", trouble(new double[] {Double.NaN}, new double[] {0.1}));
  }

  private static String trouble(double[] scores, double[] values) {
    return assertThrows(
            InvalidValueException.class, () -> new IsotonicRegression(ONE, scores, values))
        .field();
  }

  @Test
  void isEqualByItsKnotsAndDoesNotShareThem() {
    double[] scores = {0.5, 0.6};
    double[] values = {0.1, 0.2};
    IsotonicRegression one = new IsotonicRegression(ONE, scores, values);
    scores[0] = 0;
    one.values()[0] = 0;
    IsotonicRegression same =
        new IsotonicRegression(ONE, new double[] {0.5, 0.6}, new double[] {0.1, 0.2});
    assertEquals(same, one);
    assertEquals(same.hashCode(), one.hashCode());
    assertNotEquals(same, new IsotonicRegression(ONE, scores, values));
  }

  @Property
  void blocksRiseAndLoseNoPoint(
      @ForAll @Size(min = 1, max = 80) List<@DoubleRange(min = 0.5, max = 1) Double> points,
      @ForAll long seed) {
    double[] scores = points.stream().mapToDouble(Double::doubleValue).toArray();
    boolean[] agreed = new boolean[scores.length];
    SplittableRandom random = new SplittableRandom(seed);
    int agreements = 0;
    for (int i = 0; i < scores.length; i++) {
      agreed[i] = random.nextDouble() < scores[i];
      agreements += agreed[i] ? 1 : 0;
    }
    List<Block> blocks = IsotonicRegression.pool(scores, agreed);
    for (int i = 1; i < blocks.size(); i++) {
      assertTrue(blocks.get(i).lowest() > blocks.get(i - 1).highest());
      assertTrue(blocks.get(i).agreement() > blocks.get(i - 1).agreement());
    }
    assertEquals(scores.length, blocks.stream().mapToInt(Block::points).sum());
    assertEquals(agreements, blocks.stream().mapToInt(Block::agreed).sum());
  }

  @Property
  void moreConfidenceNeverBecomesLess(
      @ForAll @DoubleRange(min = 0.5, max = 0.99) double one,
      @ForAll @DoubleRange(min = 0.5, max = 0.99) double other) {
    IsotonicRegression isotonic =
        new IsotonicRegression(ONE, new double[] {0.6, 0.7, 0.9}, new double[] {0.2, 0.2, 0.95});
    double low = isotonic.confidence(logits(Math.min(one, other))).value();
    double high = isotonic.confidence(logits(Math.max(one, other))).value();
    assertTrue(low <= high);
  }
}
