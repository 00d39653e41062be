package io.tierwise.gateway.front;

import io.tierwise.gateway.config.TierwiseConfig;
import io.tierwise.gateway.metrics.Metrics;
import io.tierwise.gateway.metrics.Overload;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Who is let in. Requests beyond what can be done in time are refused before any work is done on
 * them, so that an overload costs those refusals and not everybody's answers.
 *
 * <p>Two limits: one on all requests under way, large models' seconds included, which bounds
 * memory; and an {@link AdaptiveLimit} on those that wait for a processor. A server starts a
 * request's thread when the request has come, and there the processors' queue is invisible: a
 * thread that runs has waited, and does not know how long. So a request gives its processor up
 * once, before its work begins, and comes back behind all who were there before it. How long that
 * takes is the queue.
 */
final class Admission {
  /** While waits are calm, a sample a millisecond is enough. */
  private static final long BETWEEN_SAMPLES = 1_000_000;

  private final int mostUnderWay;
  private final AdaptiveLimit queue;
  private final LongSupplier nanos;
  private final Runnable giveWay;
  private final Metrics metrics;
  private final AtomicInteger underWay = new AtomicInteger();
  private volatile long nextSample;

  /**
   * @param nanos a clock that never goes back
   * @param giveWay lets all others run who can
   */
  Admission(TierwiseConfig.Server server, LongSupplier nanos, Runnable giveWay, Metrics metrics) {
    this.mostUnderWay = server.maxConcurrent();
    int least = 4 * Runtime.getRuntime().availableProcessors();
    this.queue = new AdaptiveLimit(server.queueTime(), least, server.maxConcurrent());
    this.nanos = nanos;
    this.giveWay = giveWay;
    this.metrics = metrics;
    this.nextSample = nanos.getAsLong();
    metrics.admission(queue::limit, underWay::get);
  }

  /** Lets a request in, to be ended by {@link #leave}; false when it is refused. */
  boolean enter() {
    if (underWay.incrementAndGet() > mostUnderWay) {
      underWay.decrementAndGet();
      metrics.refused(Overload.CONCURRENCY);
      return false;
    }
    long now = nanos.getAsLong();
    if (now - nextSample < 0) {
      return true;
    }
    if (!queue.enter()) {
      underWay.decrementAndGet();
      metrics.refused(Overload.QUEUE);
      return false;
    }
    giveWay.run();
    long after = nanos.getAsLong();
    queue.leave(after - now, after);
    if (after - now < queue.calmNanos()) {
      nextSample = after + BETWEEN_SAMPLES;
    }
    return true;
  }

  void leave() {
    underWay.decrementAndGet();
  }
}
