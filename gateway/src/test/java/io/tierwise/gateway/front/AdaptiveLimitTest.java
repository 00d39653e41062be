package io.tierwise.gateway.front;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class AdaptiveLimitTest {
  private static final Duration TARGET = Duration.ofMillis(20);
  private static final long MILLI = 1_000_000;

  private final AdaptiveLimit limit = new AdaptiveLimit(TARGET, 8, 1000);
  private long now;

  @Test
  void refusesNobodyBeforeAWaitWasLong() {
    for (int i = 0; i < 1000; i++) {
      assertTrue(limit.enter());
    }
    assertFalse(limit.enter(), "the most there may ever be");
  }

  @Test
  void beginsWhereTheFirstLongWaitsPutIt() {
    waited(64, 40);
    // 64 * 20 / 40
    assertEquals(32, limit.limit());
    for (int i = 0; i < 32; i++) {
      assertTrue(limit.enter());
    }
    assertFalse(limit.enter());
    limit.leave(MILLI, now);
    assertTrue(limit.enter());
    assertFalse(limit.enter());
  }

  @Test
  void shrinksWhileWaitsAreLongerThanTheTarget() {
    waited(128, 40);
    waited(64, 40);
    // 0.8 * 64 + 0.2 * (0.5 * 64 + 8)
    assertEquals(59, limit.limit());
    for (int i = 0; i < 100; i++) {
      waited(limit.limit(), 400);
    }
    assertEquals(8, limit.limit());
  }

  @Test
  void growsWhileWaitsAreBelowTheTargetAndTheLimitIsReached() {
    waited(128, 40);
    waited(64, 10);
    // 64 + 0.2 * 8
    assertEquals(66, limit.limit());
    for (int i = 0; i < 1000; i++) {
      waited(limit.limit(), 10);
    }
    assertEquals(1000, limit.limit());
  }

  @Test
  void doesNotGrowWhileFewWait() {
    waited(128, 40);
    for (int i = 0; i < 1000; i++) {
      waited(3, 10);
    }
    assertEquals(64, limit.limit());
  }

  @Test
  void comesBackAfterAnOverload() {
    for (int i = 0; i < 100; i++) {
      waited(limit.limit(), 400);
    }
    assertEquals(8, limit.limit());
    int windows = 0;
    while (limit.limit() < 64) {
      waited(limit.limit(), 10);
      windows++;
    }
    assertEquals(52, windows);
  }

  @Test
  void isLiftedInACalm() {
    waited(128, 40);
    waited(64, 2);
    assertEquals(1000, limit.limit());
  }

  @Test
  void mostIsAboveLeast() {
    assertEquals(3, new AdaptiveLimit(TARGET, 8, 3).limit());
  }

  /** As many wait at once, and each for as long; the window's end comes with the last of them. */
  private void waited(int requests, long millis) {
    for (int i = 0; i < requests; i++) {
      assertTrue(limit.enter());
    }
    for (int i = 1; i < requests; i++) {
      limit.leave(millis * MILLI, now);
    }
    now += 21 * MILLI;
    limit.leave(millis * MILLI, now);
  }
}
