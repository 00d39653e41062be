package io.tierwise.gateway.tier;

import java.time.Clock;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Time and chance, passed in.
 *
 * @param ticker monotonic nanoseconds, for latencies
 * @param random must be safe for concurrent use
 */
public record Surroundings(Clock clock, LongSupplier ticker, RandomGenerator random, Pause pause) {
  /** A machine's own time; one thread at a time draws from {@code random}. */
  public static Surroundings of(Clock clock, RandomGenerator random) {
    return new Surroundings(clock, System::nanoTime, shared(random), Thread::sleep);
  }

  private static RandomGenerator shared(RandomGenerator random) {
    return new RandomGenerator() {
      @Override
      public synchronized long nextLong() {
        return random.nextLong();
      }
    };
  }
}
