package io.tierwise.aws.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.crac.Core;
import org.junit.jupiter.api.Test;

class ReseededRandomTest {
  /** Two copies of one snapshot: the same state, and seeds of their own after it. */
  private static List<ReseededRandom> copies() {
    return List.of(seeded(1, 2), seeded(1, 3));
  }

  private static ReseededRandom seeded(long inTheSnapshot, long afterRestoring) {
    Iterator<Long> seeds = List.of(inTheSnapshot, afterRestoring).iterator();
    return new ReseededRandom(() -> new Random(seeds.next()));
  }

  private static List<Long> drawn(RandomGenerator random) {
    return LongStream.generate(random::nextLong).limit(8).boxed().toList();
  }

  @Test
  void copiesOfOneSnapshotWouldDrawTheSame() {
    assertEquals(drawn(copies().getFirst()), drawn(copies().getLast()));
  }

  @Test
  void twoRestoredCopiesDrawDifferently() {
    List<ReseededRandom> copies = copies();
    for (ReseededRandom copy : copies) {
      copy.beforeCheckpoint(Core.getGlobalContext());
      copy.afterRestore(Core.getGlobalContext());
    }
    assertNotEquals(drawn(copies.getFirst()), drawn(copies.getLast()));
  }

  @Test
  void twoRestoredCopiesFlipTheAuditCoinDifferently() {
    List<ReseededRandom> copies = copies();
    copies.forEach(copy -> copy.afterRestore(Core.getGlobalContext()));
    assertNotEquals(doubles(copies.getFirst()), doubles(copies.getLast()));
  }

  private static List<Double> doubles(RandomGenerator random) {
    return java.util.stream.DoubleStream.generate(random::nextDouble).limit(8).boxed().toList();
  }
}
