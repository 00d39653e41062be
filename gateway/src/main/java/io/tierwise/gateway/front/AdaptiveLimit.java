package io.tierwise.gateway.front;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How many requests may wait for a processor at once. It grows while they wait for less than a
 * target and shrinks while they wait longer:
 *
 * <pre>
 *   gradient = max(0.5, min(1, target / mean wait of the last 20 ms))
 *   limit    = 0.8 limit + 0.2 (gradient limit + sqrt(limit))
 * </pre>
 *
 * <p>Nobody is refused before a wait was long: a burst at the start or after a calm is no overload
 * yet. The first mean wait above the target puts the limit where Little's law (L = λW) has it, at
 * as many as waited, times the target over their mean wait; waits below an eighth of the target
 * lift it again.
 *
 * <p>This is Gradient2 of Netflix's concurrency-limits, with two differences. A wait is measured
 * and not a response time, for a response may take a large model's seconds without anything being
 * short here; so waiting is the sign of overload, as in WeChat's DAGOR (Zhou et al., Overload
 * Control for Scaling WeChat Microservices, SoCC 2018), whose 20 ms are the usual target. And the
 * gradient is towards that target and not towards a long average, which would get used to an
 * overload that lasts.
 *
 * <p>Pure but for its own count: times come from outside.
 */
final class AdaptiveLimit {
  private static final double SMOOTHING = 0.2;
  private static final double STEEPEST = 0.5;
  private static final int CALM = 8;
  private static final long WINDOW_NANOS = 20_000_000;

  private final long targetNanos;
  private final int least;
  private final int most;
  private final AtomicInteger waiting = new AtomicInteger();
  private final ReentrantLock window = new ReentrantLock();
  private double estimate;
  private long windowEnd;
  private long waits;
  private int samples;
  private int peak;
  private boolean overloaded;
  private volatile int limit;

  /**
   * @param target how long requests may wait
   * @param least the limit is never lower, so that work goes on
   * @param most the limit is never higher
   */
  AdaptiveLimit(Duration target, int least, int most) {
    this.targetNanos = target.toNanos();
    this.least = Math.min(least, most);
    this.most = most;
    this.limit = most;
    this.estimate = most;
  }

  /** Begins to wait, to be ended by {@link #leave}; false when too many do already. */
  boolean enter() {
    if (waiting.incrementAndGet() <= limit) {
      return true;
    }
    waiting.decrementAndGet();
    return false;
  }

  /**
   * Ends the wait.
   *
   * @param waitedNanos how long it was
   * @param nowNanos of a clock that never goes back
   */
  void leave(long waitedNanos, long nowNanos) {
    int here = waiting.getAndDecrement();
    // Of two who leave at once one is sample enough.
    if (window.tryLock()) {
      try {
        sample(waitedNanos, nowNanos, here);
      } finally {
        window.unlock();
      }
    }
  }

  private void sample(long waitedNanos, long nowNanos, int here) {
    waits += waitedNanos;
    samples++;
    peak = Math.max(peak, here);
    if (samples == 1) {
      windowEnd = nowNanos + WINDOW_NANOS;
    }
    if (nowNanos - windowEnd < 0) {
      return;
    }
    double next = next((double) waits / samples);
    estimate = Math.max(least, Math.min(most, next));
    limit = (int) Math.round(estimate);
    waits = 0;
    samples = 0;
    peak = 0;
  }

  private double next(double mean) {
    if (mean <= calmNanos()) {
      overloaded = false;
    }
    if (!overloaded) {
      overloaded = mean > targetNanos;
      return overloaded ? peak * targetNanos / mean : most;
    }
    double gradient = Math.max(STEEPEST, Math.min(1, targetNanos / mean));
    // A limit that nobody comes near to has not been shown to be right.
    double growth = peak * 2 >= limit ? Math.sqrt(estimate) : 0;
    return estimate * (1 - SMOOTHING) + (estimate * gradient + growth) * SMOOTHING;
  }

  /** Waits up to here, an eighth of the target, are no sign of an overload. */
  long calmNanos() {
    return targetNanos / CALM;
  }

  /** As it is now. */
  int limit() {
    return limit;
  }
}
