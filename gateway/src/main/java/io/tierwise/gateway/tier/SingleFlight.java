package io.tierwise.gateway.tier;

import io.tierwise.router.cost.Usage;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.request.RequestContext;
import io.tierwise.router.request.RoutingPolicy;
import io.tierwise.router.tier.Attempt;
import io.tierwise.router.tier.Attempt.Cause;
import io.tierwise.router.tier.Tier;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Lets the same question, asked by several callers of one tenant at once, be one call to the large
 * model. The call has a thread of its own: it goes on as long as one of them waits, whoever began
 * it, and is given up when the last has gone. One of those who wait for its end is charged for it;
 * the others' attempts used nothing.
 *
 * <p>Who takes no cached answer, lets none be kept, or wants the large model alone, asks alone.
 *
 * <p>The call keeps to the deadline of the request that began it. Whoever may wait longer asks
 * again when it ends for that.
 */
public final class SingleFlight implements Tier {
  /** How long a call that was given up may take to say what it has used. */
  private static final Duration LAST_WORD = Duration.ofSeconds(1);

  private final Tier large;
  private final AnswerKey keys;
  private final Clock clock;
  private final Map<String, Flight> flights = new ConcurrentHashMap<>();

  public SingleFlight(Tier large, AnswerKey keys, Clock clock) {
    this.large = large;
    this.keys = keys;
    this.clock = clock;
  }

  @Override
  public Attempt attempt(InferenceRequest request) {
    Usage before = Usage.NONE;
    while (true) {
      Flight flight = board(request);
      Attempt awaited = flight.await(request);
      Attempt attempt = awaited.withUsage(before.plus(awaited.usage()));
      boolean othersDeadline =
          attempt instanceof Attempt.Unavailable unavailable
              && unavailable.cause() == Cause.DEADLINE
              && !flight.begunBy(request)
              && left(request).isPositive();
      if (!othersDeadline) {
        return attempt;
      }
      before = attempt.usage();
    }
  }

  private Flight board(InferenceRequest request) {
    Optional<String> key = mayShare(request.context()) ? keys.of(request) : Optional.empty();
    while (true) {
      Flight fresh = new Flight(request, key.orElse(null));
      Flight found = key.map(each -> flights.putIfAbsent(each, fresh)).orElse(null);
      if (found == null) {
        fresh.board();
        fresh.begin();
        return fresh;
      }
      if (found.board()) {
        return found;
      }
      // It was given up between being found and being boarded.
      flights.remove(key.orElseThrow(), found);
    }
  }

  private static boolean mayShare(RequestContext context) {
    return context.policy() == RoutingPolicy.DEFAULT
        && context.cache().read()
        && context.cache().write();
  }

  /** How many wait for the flight that this request would board. */
  int aboard(InferenceRequest request) {
    return keys.of(request).map(flights::get).map(Flight::aboard).orElse(0);
  }

  private Duration left(InferenceRequest request) {
    return Duration.between(clock.instant(), request.context().deadline());
  }

  /** One call, and those who wait for it. */
  private final class Flight {
    private final InferenceRequest first;
    private final @Nullable String key;
    private final CompletableFuture<Attempt> landing = new CompletableFuture<>();
    private final Thread thread;
    private int aboard;
    private boolean over;
    private boolean paid;

    Flight(InferenceRequest first, @Nullable String key) {
      this.first = first;
      this.key = key;
      this.thread = Thread.ofVirtual().name("large-" + first.context().id()).unstarted(this::fly);
    }

    boolean begunBy(InferenceRequest request) {
      return request.context().id().equals(first.context().id());
    }

    synchronized boolean board() {
      if (over) {
        return false;
      }
      aboard++;
      return true;
    }

    synchronized int aboard() {
      return aboard;
    }

    void begin() {
      thread.start();
    }

    private void fly() {
      try {
        land(large.attempt(first), null);
      } catch (RuntimeException | Error e) {
        // Thrown again where the requests are, who would otherwise wait for nothing.
        land(null, e);
      }
    }

    private void land(@Nullable Attempt attempt, @Nullable Throwable failure) {
      synchronized (this) {
        over = true;
      }
      if (key != null) {
        flights.remove(key, this);
      }
      if (attempt != null) {
        landing.complete(attempt);
      } else {
        landing.completeExceptionally(failure);
      }
    }

    Attempt await(InferenceRequest request) {
      CompletableFuture<Attempt> mine = landing.copy();
      request.context().cancellation().whenCancelled(() -> mine.cancel(false));
      try {
        long nanos = Math.max(0, left(request).toNanos());
        return share(mine.get(nanos, TimeUnit.NANOSECONDS));
      } catch (CancellationException e) {
        return leave(Cause.CANCELLED, "the caller went away");
      } catch (TimeoutException e) {
        return leave(Cause.DEADLINE, "the deadline has passed");
      } catch (ExecutionException e) {
        throw new IllegalStateException("the large tier failed", e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return leave(Cause.CANCELLED, "interrupted");
      }
    }

    private Attempt leave(Cause cause, String detail) {
      return new Attempt.Unavailable(cause, detail, lastOneLeaves() ? lastWord() : Usage.NONE);
    }

    /** Also of a call that has just landed: nobody else is left to be charged for it. */
    private synchronized boolean lastOneLeaves() {
      aboard--;
      if (aboard == 0 && !over) {
        over = true;
        thread.interrupt();
      }
      return aboard == 0;
    }

    private Usage lastWord() {
      try {
        return share(landing.get(LAST_WORD.toNanos(), TimeUnit.NANOSECONDS)).usage();
      } catch (TimeoutException | ExecutionException e) {
        return Usage.NONE;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return Usage.NONE;
      }
    }

    /** What the call gave; its usage to the first who takes it. */
    private Attempt share(Attempt attempt) {
      if (takesTheBill()) {
        return attempt;
      }
      return attempt instanceof Attempt.Proposed proposed
          ? proposed.toShare()
          : attempt.withUsage(Usage.NONE);
    }

    private synchronized boolean takesTheBill() {
      boolean mine = !paid;
      paid = true;
      return mine;
    }
  }
}
