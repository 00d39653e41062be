package io.tierwise.router.drift;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.router.confidence.Confidence;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

final class StrangenessTest {
  private static final double ALPHA = 0.05;

  @Test
  void hearsThatATenthOfTheTextsIsNew() {
    SplittableRandom random = new SplittableRandom(1);
    Strangeness state = Strangeness.starting(ALPHA);
    for (int i = 0; i < 1_000; i++) {
      state = state.observe(familiar(random), random.nextDouble());
    }
    assertFalse(state.rang());
    int texts = 0;
    while (!state.rang() && texts < 2_000) {
      boolean fresh = random.nextInt(5) == 0;
      Confidence sure = fresh ? new Confidence(0.2 * random.nextDouble()) : familiar(random);
      state = state.observe(sure, random.nextDouble());
      texts++;
    }
    assertTrue(texts < 500, texts + " texts");
  }

  @Test
  void isQuietWhenTheStudentIsSurerThanBefore() {
    SplittableRandom random = new SplittableRandom(2);
    Strangeness state = Strangeness.starting(ALPHA);
    for (int i = 0; i < 3_000; i++) {
      Confidence sure = i < 1_000 ? familiar(random) : new Confidence(0.99);
      state = state.observe(sure, random.nextDouble());
    }
    assertFalse(state.rang());
  }

  @Test
  void theFirstTextIsStrangeByTheDrawAlone() {
    Strangeness start = Strangeness.starting(ALPHA);
    Confidence any = new Confidence(0.7);
    assertTrue(start.observe(any, 0.05).monitor().evidence() > 1);
    assertTrue(start.observe(any, 0.5).monitor().evidence() < 1);
    assertEquals(start.observe(any, 0.5), start.observe(any, 0.9), "neither is strange");
  }

  @Test
  void takesTheSurestAndTheLeastSure() {
    Strangeness both =
        Strangeness.starting(ALPHA).observe(new Confidence(1), 0.5).observe(new Confidence(0), 0.5);
    assertEquals(1, both.counts().getFirst());
    assertEquals(1, both.counts().getLast());
  }

  /** Whatever confidences a student has; five standard errors above α = 0.05 are 13 of 100. */
  @Property(tries = 8)
  void seldomCallsACalmStrange(
      @ForAll @DoubleRange(min = 0.2, max = 5) double power,
      @ForAll @LongRange(min = 0, max = 1_000_000) long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int rang = 0;
    for (int life = 0; life < 100; life++) {
      Strangeness state = Strangeness.starting(ALPHA);
      for (int i = 0; i < 1_000 && !state.rang(); i++) {
        Confidence sure = new Confidence(Math.pow(random.nextDouble(), power));
        state = state.observe(sure, random.nextDouble());
      }
      rang += state.rang() ? 1 : 0;
    }
    assertTrue(rang <= 15, rang + " of 100");
  }

  private static Confidence familiar(SplittableRandom random) {
    return new Confidence(1 - 0.5 * random.nextDouble() * random.nextDouble());
  }
}
