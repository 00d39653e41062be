package io.tierwise.gateway.tier;

import java.time.Duration;

/** Waits; passed in so that a test need not. */
@FunctionalInterface
public interface Pause {
  void pause(Duration duration) throws InterruptedException;
}
