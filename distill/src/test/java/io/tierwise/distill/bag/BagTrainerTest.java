package io.tierwise.distill.bag;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.distill.Progress;
import io.tierwise.distill.bag.BagTrainer.Lessons;
import io.tierwise.distill.parallel.Engine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BagTrainerTest {
  private static final int[] BUCKETS = IntStream.rangeClosed(0, 130).toArray();

  private final Lessons lessons = Toys.separable(60, 3);

  @Test
  void theFirstStepGoesAtFullRate() {
    BagMember member = train(Toys.spec(1, 60, 0, 1), 5);

    // Adagrad's and Adam's first steps are as long as their rates: 0.06 from 0, and 0.01 from 0.
    for (int row : rows(10, 12)) {
      assertEquals(0.06, Math.abs(member.rows()[row]), 1e-3);
    }
    for (float bias : member.dense().bias()) {
      assertTrue(Math.abs(bias) <= 0.01f + 1e-6f, "bias " + bias);
    }
  }

  @Test
  void ratesFallLinearlyToNothing() {
    // One batch of all texts, so both runs begin with the same step, at 2/2 and at 1/1 of the rate;
    // the second step of the longer run goes at half the rate and can move a row by 0.03 at most.
    BagMember one = train(Toys.spec(1, 60, 0, 1), 5);
    BagMember two = train(Toys.spec(2, 60, 0, 1), 5);

    for (int row : rows(10, 12)) {
      float moved = Math.abs(two.rows()[row] - one.rows()[row]);
      assertTrue(moved > 0.01f && moved <= 0.03f, "moved by " + moved);
    }
  }

  @Test
  void onlyTheRowsOfItsBucketsChange() {
    BagMember member = train(Toys.spec(3, 8, 0.3f, 1), 5);

    for (int row : rows(0, 9)) {
      assertEquals(0, member.rows()[row]);
    }
    for (int row : rows(120, 130)) {
      assertEquals(0, member.rows()[row]);
    }
    for (int row : rows(10, 12)) {
      assertTrue(member.rows()[row] != 0);
    }
  }

  @Test
  void aTextsRowsWaitForItsBatch() {
    // Three texts, each in a batch of its own: after one epoch every bucket was stepped once, and
    // rows move by the rate of just that step: 0.06, 0.04 or 0.02.
    Lessons three = Toys.separable(3, 3);
    int[] buckets =
        three.bags().stream().flatMapToInt(bag -> Arrays.stream(bag.buckets())).sorted().toArray();

    BagMember member =
        BagTrainer.train(Toys.spec(1, 1, 0, 1), three, buckets, 5, Engine.local(), Progress.SILENT);

    List<Float> lengths = new ArrayList<>();
    for (int text = 0; text < 3; text++) {
      int place = Arrays.binarySearch(buckets, 10 + text);
      lengths.add(Math.abs(member.rows()[place * BagTrainer.WIDTH]));
    }
    lengths.sort(null);
    assertEquals(0.02, lengths.get(0), 1e-3);
    assertEquals(0.04, lengths.get(1), 1e-3);
    assertEquals(0.06, lengths.get(2), 1e-3);
  }

  @Test
  void theSameSeedSaysTheSame() {
    BagMember once = train(Toys.spec(3, 8, 0.3f, 2), 5);
    BagMember again = train(Toys.spec(3, 8, 0.3f, 2), 5);
    BagMember other = train(Toys.spec(3, 8, 0.3f, 2), 6);

    assertArrayEquals(once.rows(), again.rows());
    assertArrayEquals(once.dense().projection(), again.dense().projection());
    assertArrayEquals(once.dense().head(), again.dense().head());
    assertArrayEquals(once.dense().bias(), again.dense().bias());
    assertFalse(Arrays.equals(once.rows(), other.rows()));
  }

  @Test
  void learnsWhatItsWordsTell() {
    BagMember member = train(Toys.spec(20, 8, 0.3f, 1), 5);

    for (int i = 0; i < lessons.size(); i++) {
      double[] logits = Toys.logits(member, lessons.bags().get(i), lessons.words()[i]);
      assertEquals(i % 3, Toys.top(logits), "text " + i);
    }
  }

  @Test
  void reportsEveryStep() {
    List<String> reports = new ArrayList<>();

    BagTrainer.train(
        Toys.spec(2, 40, 0, 1),
        lessons,
        BUCKETS,
        5,
        Engine.local(),
        (stage, done, total) -> reports.add(stage + " " + done + "/" + total));

    assertEquals(
        List.of(
            "training the student 1/4",
            "training the student 2/4",
            "training the student 3/4",
            "training the student 4/4"),
        reports);
  }

  private BagMember train(DistillSpec spec, long seed) {
    return BagTrainer.train(spec, lessons, BUCKETS, seed, Engine.local(), Progress.SILENT);
  }

  /** The cells of the rows from one bucket to another. */
  private static int[] rows(int from, int to) {
    return IntStream.range(from * BagTrainer.WIDTH, (to + 1) * BagTrainer.WIDTH).toArray();
  }
}
