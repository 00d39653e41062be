package io.tierwise.router.drift;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.router.InvalidValueException;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

final class PinnedAnswersTest {
  private static final double ALPHA = 0.05;

  private static int roundsUntilItRings(PinnedAnswers from, int differing, int asked) {
    PinnedAnswers state = from;
    int rounds = 0;
    while (!state.rang() && rounds < 1_000) {
      state = state.observe(differing, asked);
      rounds++;
    }
    return rounds;
  }

  @Test
  void theFloorOfAModelThatNeverDifferedIsWhatSoFewTextsLeaveOpen() {
    // 1 − 0.025^(1/50)
    assertEquals(0.0711, PinnedAnswers.starting(ALPHA, 50, 0).floor(), 1e-4);
    assertEquals(1, PinnedAnswers.starting(ALPHA, 50, 0).evidence());
  }

  @Test
  void ringsInOneRoundWhenHalfOfTheAnswersDiffer() {
    assertEquals(1, roundsUntilItRings(PinnedAnswers.starting(ALPHA, 50, 0), 25, 50));
  }

  @Test
  void gathersASmallChangeOverRounds() {
    assertEquals(2, roundsUntilItRings(PinnedAnswers.starting(ALPHA, 50, 0), 10, 50));
    assertEquals(3, roundsUntilItRings(PinnedAnswers.starting(ALPHA, 50, 0), 8, 50));
  }

  @Test
  void doesNotGoDeafInAYearOfCalm() {
    PinnedAnswers state = PinnedAnswers.starting(ALPHA, 50, 0);
    for (int day = 0; day < 365; day++) {
      state = state.observe(1, 50);
    }
    assertFalse(state.rang());
    assertTrue(roundsUntilItRings(state, 15, 50) <= 3);
  }

  @Test
  void doesNotUnring() {
    PinnedAnswers rung = PinnedAnswers.starting(ALPHA, 50, 0).observe(50, 50);
    assertTrue(rung.rang());
    for (int i = 0; i < 500; i++) {
      rung = rung.observe(0, 50);
    }
    assertTrue(rung.evidence() < rung.ringsAt());
    assertTrue(rung.rang());
  }

  @Test
  void refusesToPinWhatNeverStaysTheSame() {
    assertThrows(InvalidValueException.class, () -> PinnedAnswers.starting(ALPHA, 5, 5));
    assertThrows(InvalidValueException.class, () -> PinnedAnswers.starting(ALPHA, 0, 0));
  }

  /**
   * A model that differs from itself, by text, as often as ever; five standard errors above α =
   * 0.05 are 13 of 100.
   */
  @Property(tries = 8)
  void seldomRingsForAModelThatStays(
      @ForAll @DoubleRange(min = 0, max = 0.3) double most,
      @ForAll @IntRange(min = 20, max = 60) int texts,
      @ForAll @LongRange(min = 0, max = 1_000_000) long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int rang = 0;
    for (int life = 0; life < 100; life++) {
      double[] rates = random.doubles(texts).map(each -> each * most).toArray();
      PinnedAnswers state = PinnedAnswers.starting(ALPHA, texts, differing(rates, random));
      for (int round = 0; round < 100; round++) {
        state = state.observe(differing(rates, random), texts);
      }
      rang += state.rang() ? 1 : 0;
    }
    assertTrue(rang <= 15, rang + " of 100");
  }

  private static int differing(double[] rates, SplittableRandom random) {
    int differing = 0;
    for (double rate : rates) {
      differing += random.nextDouble() < rate ? 1 : 0;
    }
    return differing;
  }
}
