package io.tierwise.distill.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SplitTest {
  private static List<Integer> rows(int n) {
    return IntStream.range(0, n).boxed().toList();
  }

  @Test
  void hasTheSharesThatTheReplayPromises() {
    Split<Integer> split = Split.of(rows(1000), 1);
    assertEquals(500, split.train().size());
    assertEquals(50, split.tuning().size());
    assertEquals(150, split.calibration().size());
    assertEquals(300, split.test().size());
  }

  @Property(tries = 100)
  void everyRowIsInExactlyOnePartAndTheSeedDecidesWhich(
      @ForAll @IntRange(min = 0, max = 300) int n, @ForAll long seed) {
    Split<Integer> split = Split.of(rows(n), seed);
    Set<Integer> seen = new HashSet<>(split.train());
    seen.addAll(split.tuning());
    seen.addAll(split.calibration());
    seen.addAll(split.test());
    assertEquals(n, seen.size());
    assertEquals(
        n,
        split.train().size()
            + split.tuning().size()
            + split.calibration().size()
            + split.test().size());
    assertEquals(split, Split.of(rows(n), seed));
  }

  @Test
  void anotherSeedGivesAnotherSplitOfTheSameSizes() {
    Split<Integer> one = Split.of(rows(100), 1);
    Split<Integer> two = Split.of(rows(100), 2);

    assertEquals(one.train().size(), two.train().size());
    assertNotEquals(new HashSet<>(one.train()), new HashSet<>(two.train()));
  }
}
