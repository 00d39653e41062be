package io.tierwise.distill.mlp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tierwise.distill.Progress;
import io.tierwise.distill.parallel.Engine;
import io.tierwise.router.InvalidValueException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ScalingJobTest {
  private static final ScalingJob.Spec SPEC = new ScalingJob.Spec(new int[] {6, 5, 3}, 40, 8, 4, 1);

  private final AtomicLong clock = new AtomicLong();
  private final ScalingJob job =
      new ScalingJob(SPEC, () -> clock.getAndAdd(3_000_000), Progress.SILENT);

  @Test
  void takesTheMedianStepAndTheLargestDifference() {
    try (Engine engine = Engine.local()) {
      // The clock moves 3 ms whenever it is looked at.
      assertEquals(new ScalingJob.Row("local", 1, 3, 0), job.baseline(engine));
      assertEquals(new ScalingJob.Row("again", 2, 3, 0), job.measure("again", 2, engine));
    }
  }

  @Test
  void comparesWithNothingBeforeTheBaseline() {
    try (Engine engine = Engine.local()) {
      assertThrows(IllegalStateException.class, () -> job.measure("spark", 2, engine));
    }
  }

  @Test
  void aNetworkHasAnInputAndAnOutput() {
    assertEquals(
        "widths",
        assertThrows(
                InvalidValueException.class, () -> new ScalingJob.Spec(new int[] {6}, 40, 8, 4, 1))
            .field());
  }
}
