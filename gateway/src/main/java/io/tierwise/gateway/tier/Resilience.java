package io.tierwise.gateway.tier;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.tierwise.gateway.tier.LargeReply.Blame;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.tier.Attempt.Cause;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What stands between the gateway and one endpoint, shared by all tasks that use it: a bulkhead, a
 * circuit breaker, and a budget for retries.
 *
 * <p>The breaker opens when half of the last 20 calls, and at least 5, were the endpoint's fault;
 * after 10 seconds it lets three calls through to see. A retry budget keeps a struggling endpoint
 * from being asked several times over: every first call earns a tenth of a retry, and no more than
 * 10 retries are ever saved up.
 */
public final class Resilience {
  private static final System.Logger LOG = System.getLogger(Resilience.class.getName());
  static final Duration OPEN_FOR = Duration.ofSeconds(10);
  private static final int RETRY = 10;
  private static final int MOST_SAVED_UP = 10 * RETRY;

  private final Bulkhead bulkhead;
  private final CircuitBreaker breaker;
  private final LongSupplier ticker;
  private final AtomicInteger retryBudget = new AtomicInteger(MOST_SAVED_UP);

  public Resilience(Endpoint endpoint, Surroundings surroundings) {
    this.ticker = surroundings.ticker();
    this.bulkhead =
        Bulkhead.of(
            endpoint.name(),
            BulkheadConfig.custom()
                .maxConcurrentCalls(endpoint.maximumConcurrent())
                .maxWaitDuration(Duration.ZERO)
                .build());
    this.breaker =
        CircuitBreaker.of(
            endpoint.name(),
            CircuitBreakerConfig.custom()
                .slidingWindowType(CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
                .slidingWindowSize(20)
                .minimumNumberOfCalls(5)
                .failureRateThreshold(50)
                .waitDurationInOpenState(OPEN_FOR)
                .permittedNumberOfCallsInHalfOpenState(3)
                .clock(surroundings.clock())
                .build());
    breaker
        .getEventPublisher()
        .onStateTransition(event ->
            LOG.log(
                System.Logger.Level.WARNING,
                "breaker of upstream {0}: {1}",
                endpoint.name(),
                event.getStateTransition()));
  }

  /** Makes the call, unless the endpoint is to be left alone: then nothing is called or charged. */
  LargeReply guard(Supplier<LargeReply> call) {
    if (!bulkhead.tryAcquirePermission()) {
      return refused(Cause.SATURATED, "all its places are taken");
    }
    try {
      return breaker.tryAcquirePermission()
          ? watched(call)
          : refused(Cause.BREAKER_OPEN, "it failed repeatedly and is left alone for a while");
    } finally {
      bulkhead.onComplete();
    }
  }

  /** How a call that passes through bodies of its own begins. */
  public sealed interface Entry {
    /** It may be made. */
    record Entered(Permit permit) implements Entry {}

    /** The endpoint is to be left alone. */
    record Refused(Cause cause, String detail) implements Entry {}
  }

  /** What a call says about its endpoint. */
  public enum Health {
    WELL,
    FAILED,
    /** Nothing: the caller gave it up, or a limit was met. */
    UNKNOWN
  }

  /** A place at the endpoint until it is ended, once. */
  public final class Permit {
    private final long start = ticker.getAsLong();
    private final AtomicBoolean ended = new AtomicBoolean();

    public void end(Health health) {
      if (!ended.compareAndSet(false, true)) {
        return;
      }
      long nanos = Math.max(0, ticker.getAsLong() - start);
      switch (health) {
        case WELL -> breaker.onSuccess(nanos, TimeUnit.NANOSECONDS);
        case FAILED ->
            breaker.onError(nanos, TimeUnit.NANOSECONDS, new IllegalStateException("it failed"));
        case UNKNOWN -> breaker.releasePermission();
      }
      bulkhead.onComplete();
    }
  }

  /** Begins a call, unless the endpoint is to be left alone. */
  public Entry enter() {
    if (!bulkhead.tryAcquirePermission()) {
      return new Entry.Refused(Cause.SATURATED, "all its places are taken");
    }
    if (!breaker.tryAcquirePermission()) {
      bulkhead.onComplete();
      return new Entry.Refused(Cause.BREAKER_OPEN, "it is left alone for a while");
    }
    return new Entry.Entered(new Permit());
  }

  private LargeReply watched(Supplier<LargeReply> call) {
    long start = ticker.getAsLong();
    boolean judged = false;
    try {
      LargeReply reply = call.get();
      judge(reply, ticker.getAsLong() - start);
      judged = true;
      return reply;
    } finally {
      if (!judged) {
        breaker.releasePermission();
      }
    }
  }

  private void judge(LargeReply reply, long nanos) {
    switch (reply) {
      case LargeReply.Answered answered -> breaker.onSuccess(nanos, TimeUnit.NANOSECONDS);
      case LargeReply.Trouble trouble -> {
        switch (trouble.blame()) {
          case ENDPOINT ->
              breaker.onError(
                  nanos, TimeUnit.NANOSECONDS, new IllegalStateException(trouble.detail()));
          case REQUEST -> breaker.onSuccess(nanos, TimeUnit.NANOSECONDS);
          case LIMIT -> breaker.releasePermission();
        }
      }
    }
  }

  private static LargeReply refused(Cause cause, String detail) {
    return new LargeReply.Trouble(cause, detail, Blame.LIMIT, false, null, Usage.NONE);
  }

  /** A first call has been made: a tenth of a retry is earned. */
  void earn() {
    retryBudget.updateAndGet(saved -> Math.min(MOST_SAVED_UP, saved + 1));
  }

  /** Takes one retry out of the budget, if there is one. */
  boolean spendRetry() {
    int before = retryBudget.getAndUpdate(saved -> saved >= RETRY ? saved - RETRY : saved);
    return before >= RETRY;
  }

  /** {@code closed}, {@code open} or {@code half_open}. */
  public String breakerState() {
    return breaker.getState().name().toLowerCase(Locale.ROOT);
  }
}
