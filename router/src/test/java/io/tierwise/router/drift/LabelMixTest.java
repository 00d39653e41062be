package io.tierwise.router.drift;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.router.InvalidValueException;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.IntSupplier;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class LabelMixTest {
  private static final double ALPHA = 0.05;

  /** After how many audits it shifts; -1 for not within so many. */
  private static int untilItShifts(LabelMix from, int most, IntSupplier labels) {
    LabelMix mix = from;
    for (int i = 1; i <= most; i++) {
      LabelMix.Observed observed = mix.observe(labels.getAsInt());
      if (observed.shift().isPresent()) {
        return i;
      }
      mix = observed.mix();
    }
    return -1;
  }

  private static LabelMix calm(int audits, IntSupplier labels) {
    LabelMix mix = LabelMix.starting(ALPHA, 7);
    for (int i = 0; i < audits; i++) {
      mix = mix.observe(labels.getAsInt()).mix();
    }
    return mix;
  }

  @Test
  void namesTheLabelThatHasGrownMost() {
    SplittableRandom random = new SplittableRandom(1);
    LabelMix mix = calm(500, () -> random.nextInt(7));
    LabelMix.Observed observed = new LabelMix.Observed(mix, Optional.empty());
    int audits = 0;
    while (observed.shift().isEmpty()) {
      int label = random.nextInt(4) == 0 ? 3 : random.nextInt(7);
      observed = observed.mix().observe(label);
      audits++;
    }
    LabelMix.Shift shift = observed.shift().orElseThrow();
    assertEquals(3, shift.category());
    assertTrue(shift.now() > 1.5 * shift.before(), shift.toString());
    assertTrue(audits <= 400, audits + " audits");
    assertEquals(0, observed.mix().audits(), "the mix from here on is the new one");
    assertEquals(
        (500 + audits - 200) / 50 + 1, observed.mix().looks(), "looks are never forgotten");
  }

  @Test
  void asksForTwiceTheWindowFirst() {
    assertEquals(-1, untilItShifts(LabelMix.starting(ALPHA, 2), 199, new Flip(100)));
    assertEquals(200, untilItShifts(LabelMix.starting(ALPHA, 2), 1_000, new Flip(100)));
  }

  @Test
  void hearsAMixThatChangesAfterALongCalm() {
    SplittableRandom random = new SplittableRandom(2);
    LabelMix mix = calm(5_000, () -> random.nextInt(7));
    int audits = untilItShifts(mix, 1_000, () -> random.nextInt(4) == 0 ? 3 : random.nextInt(7));
    assertTrue(audits > 0 && audits <= 400, audits + " audits");
  }

  /** Over a life of 1,000 audits; five standard errors above α = 0.05 are 13 of 100. */
  @Property(tries = 4)
  void seldomCallsACalmAShift(@ForAll @IntRange(min = 2, max = 150) int categories) {
    SplittableRandom random = new SplittableRandom(categories);
    int shifts = 0;
    for (int life = 0; life < 100; life++) {
      IntSupplier labels =
          () -> {
            double place = random.nextDouble();
            return (int) (place * place * categories);
          };
      shifts += untilItShifts(LabelMix.starting(ALPHA, categories), 1_000, labels) > 0 ? 1 : 0;
    }
    assertTrue(shifts <= 15, shifts + " of 100");
  }

  @Test
  void refusesATaskWithoutLabels() {
    assertThrows(InvalidValueException.class, () -> LabelMix.starting(ALPHA, 0));
  }

  /** Only the first label, and after so many only the second. */
  private static final class Flip implements IntSupplier {
    private int left;

    Flip(int left) {
      this.left = left;
    }

    @Override
    public int getAsInt() {
      return left-- > 0 ? 0 : 1;
    }
  }
}
