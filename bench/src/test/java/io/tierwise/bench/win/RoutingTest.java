package io.tierwise.bench.win;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Of 1,000 prompts the strong model is right on all, the weak one on the first 500. */
final class RoutingTest {
  private static final int PROMPTS = 1000;
  private static final double[] STRONG = IntStream.range(0, PROMPTS).mapToDouble(i -> 1).toArray();
  private static final double[] WEAK =
      IntStream.range(0, PROMPTS).mapToDouble(i -> i < 500 ? 1 : 0).toArray();

  /** The line rises by one score a call until half of the calls, and is level from there. */
  @Test
  void theBestRouterClosesTheGapWithHalfOfTheCalls() {
    double[] gains = IntStream.range(0, PROMPTS).mapToDouble(i -> i).toArray();
    Routing routing = Routing.of(gains, STRONG, WEAK);
    assertEquals(0.75, routing.apgr(), 1e-9);
    assertEquals(25, routing.cpt50(), 1e-9);
    assertEquals(40, routing.cpt80(), 1e-9);
  }

  @Test
  void theWorstRouterClosesItWithTheLastCalls() {
    double[] gains = IntStream.range(0, PROMPTS).mapToDouble(i -> -i).toArray();
    Routing routing = Routing.of(gains, STRONG, WEAK);
    assertEquals(0.25, routing.apgr(), 1e-9);
    assertEquals(75, routing.cpt50(), 1e-9);
    assertEquals(90, routing.cpt80(), 1e-9);
  }

  /** Every tenth prompt of either half is in every decile: a straight line from weak to strong. */
  @Test
  void aRouterThatKnowsNothingIsAStraightLine() {
    double[] gains = IntStream.range(0, PROMPTS).mapToDouble(i -> i % 500).toArray();
    Routing routing = Routing.of(gains, STRONG, WEAK);
    assertEquals(0.5, routing.apgr(), 1e-2);
    assertEquals(50, routing.cpt50(), 1);
    assertEquals(80, routing.cpt80(), 1);
  }

  /** With one score for all, the curve has its two ends alone. */
  @Test
  void equalScoresAreSentTogether() {
    double[] gains = new double[PROMPTS];
    Arrays.fill(gains, 0.3);
    Routing routing = Routing.of(gains, STRONG, WEAK);
    assertEquals(0.5, routing.apgr(), 1e-9);
    assertEquals(50, routing.cpt50(), 1e-9);
  }
}
