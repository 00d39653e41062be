package io.tierwise.router.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.router.InvalidValueException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class BinomialIntervalTest {
  @Test
  void endsWhereTheTailsAreHalfOfWhatItMayMiss() {
    BinomialInterval interval = BinomialInterval.of(5, 50, 0.95);
    // R: binom.test(5, 50)$conf.int
    assertEquals(0.03327509, interval.lower(), 5e-9);
    assertEquals(0.21813537, interval.upper(), 5e-9);
  }

  @Test
  void isTheRuleOfThreeWhereNothingWasSeen() {
    // (1 − u)^100 = 0.025
    assertEquals(
        new BinomialInterval(0, 1 - Math.pow(0.025, 0.01)).upper(),
        BinomialInterval.of(0, 100, 0.95).upper(),
        1e-12);
    assertEquals(0, BinomialInterval.of(0, 100, 0.95).lower());
    assertEquals(1, BinomialInterval.of(100, 100, 0.95).upper());
  }

  @Test
  void knowsNothingWithoutTrials() {
    assertEquals(new BinomialInterval(0, 1), BinomialInterval.of(0, 0, 0.95));
  }

  @Test
  void refusesWhatIsNoConfidenceOrCount() {
    assertThrows(InvalidValueException.class, () -> BinomialInterval.of(1, 2, 1));
    assertThrows(InvalidValueException.class, () -> BinomialInterval.of(-1, 2, 0.9));
  }

  @Property
  void holdsTheShareSeenAndMirrors(
      @ForAll @IntRange(min = 1, max = 400) int trials, @ForAll @IntRange(max = 400) int seen) {
    int count = Math.min(seen, trials);
    BinomialInterval interval = BinomialInterval.of(count, trials, 0.95);
    double share = (double) count / trials;
    assertTrue(interval.lower() <= share && share <= interval.upper());
    BinomialInterval mirrored = BinomialInterval.of(trials - count, trials, 0.95);
    assertEquals(1 - interval.upper(), mirrored.lower(), 1e-9);
  }
}
