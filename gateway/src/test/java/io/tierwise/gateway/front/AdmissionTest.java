package io.tierwise.gateway.front;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.gateway.config.TierwiseConfig;
import io.tierwise.gateway.metrics.Metrics;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Three requests at once, and a heap of 8,000 bytes, of which bodies may take 1,000. */
class AdmissionTest {
  private final Metrics metrics = new Metrics();
  private final Admission admission =
      new Admission(
          new TierwiseConfig.Server("127.0.0.1", 0, 3, Duration.ofMillis(20)),
          8000,
          () -> 0,
          () -> {},
          metrics);

  @Test
  void refusesTheBodiesThatTheHeapHasNoRoomFor() {
    assertTrue(admission.enter(600));
    assertFalse(admission.enter(401));
    assertTrue(admission.enter(400));
    assertFalse(admission.enter(1));
    assertTrue(admission.enter(0), "what has no body takes none of it");
    assertTrue(refused("memory", 2));
    assertTrue(refused("concurrency", 0));
  }

  @Test
  void givesTheRoomOfABodyBackWhenItsRequestEnds() {
    assertTrue(admission.enter(1000));
    assertFalse(admission.enter(1000));
    admission.leave(1000);
    assertTrue(admission.enter(1000));
  }

  @Test
  void whatIsRefusedForItsNumberTakesNoRoom() {
    for (int i = 0; i < 3; i++) {
      assertTrue(admission.enter(100));
    }
    assertFalse(admission.enter(500));
    assertFalse(admission.enter(500));
    admission.leave(100);
    assertTrue(admission.enter(800));
    assertTrue(refused("concurrency", 2));
    assertTrue(refused("memory", 0));
  }

  private boolean refused(String cause, int times) {
    return metrics
        .scrape()
        .contains("tierwise_admission_refused_total{cause=\"%s\"} %d.0".formatted(cause, times));
  }
}
