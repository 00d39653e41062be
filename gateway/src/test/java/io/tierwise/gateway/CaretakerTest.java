package io.tierwise.gateway;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CaretakerTest {
  @Test
  void goesOnLookingWhenItsTidyingRunsOutOfMemory() throws InterruptedException {
    CountDownLatch looks = new CountDownLatch(1);
    Runnable tidy =
        () -> {
          throw new OutOfMemoryError("no room for a segment");
        };
    try (Caretaker caretaker = new Caretaker(looks::countDown, tidy)) {
      caretaker.start();

      assertTrue(looks.await(30, TimeUnit.SECONDS), "it looked after it had failed");
    }
  }
}
