package io.tierwise.gateway.front;

import io.tierwise.gateway.config.TierwiseConfig;
import io.tierwise.gateway.metrics.Metrics;
import io.tierwise.gateway.metrics.Overload;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Who is let in. Requests beyond what can be done in time are refused before any work is done on
 * them and before their bodies are read, so that an overload costs those refusals and not
 * everybody's answers.
 *
 * <p>Three limits: one on all requests under way, large models' seconds included, and one on their
 * bodies' bytes, which bound memory; and an {@link AdaptiveLimit} on those that wait for a
 * processor. A server starts a request's thread when the request has come, and there the
 * processors' queue is invisible: a thread that runs has waited, and does not know how long. So a
 * request gives its processor up once, before its work begins, and comes back behind all who were
 * there before it. How long that takes is the queue.
 */
final class Admission {
  /** While waits are calm, a sample a millisecond is enough. */
  private static final long BETWEEN_SAMPLES = 1_000_000;

  /** Of the heap, for bodies: what is made of one takes several times its bytes. */
  private static final int SHARE_FOR_BODIES = 8;

  private final int mostUnderWay;
  private final long mostBytes;
  private final AdaptiveLimit queue;
  private final LongSupplier nanos;
  private final Runnable giveWay;
  private final Metrics metrics;
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicLong bytesUnderWay = new AtomicLong();
  private volatile long nextSample;

  /**
   * @param heapBytes the most that the heap may grow to
   * @param nanos a clock that never goes back
   * @param giveWay lets all others run who can
   */
  Admission(
      TierwiseConfig.Server server,
      long heapBytes,
      LongSupplier nanos,
      Runnable giveWay,
      Metrics metrics) {
    this.mostUnderWay = server.maxConcurrent();
    this.mostBytes = heapBytes / SHARE_FOR_BODIES;
    int least = 4 * Runtime.getRuntime().availableProcessors();
    this.queue = new AdaptiveLimit(server.queueTime(), least, server.maxConcurrent());
    this.nanos = nanos;
    this.giveWay = giveWay;
    this.metrics = metrics;
    this.nextSample = nanos.getAsLong();
    metrics.admission(queue::limit, underWay::get);
  }

  /**
   * Lets a request in, to be ended by {@link #leave}; false when it is refused.
   *
   * @param bodyBytes the most that its body holds
   */
  boolean enter(long bodyBytes) {
    boolean fewEnough = underWay.incrementAndGet() <= mostUnderWay;
    boolean smallEnough = bytesUnderWay.addAndGet(bodyBytes) <= mostBytes;
    if (!fewEnough || !smallEnough) {
      leave(bodyBytes);
      metrics.refused(fewEnough ? Overload.MEMORY : Overload.CONCURRENCY);
      return false;
    }
    long now = nanos.getAsLong();
    if (now - nextSample < 0) {
      return true;
    }
    if (!queue.enter()) {
      leave(bodyBytes);
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

  /**
   * @param bodyBytes as it was let in with
   */
  void leave(long bodyBytes) {
    underWay.decrementAndGet();
    bytesUnderWay.addAndGet(-bodyBytes);
  }
}
