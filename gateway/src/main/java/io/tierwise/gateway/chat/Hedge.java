package io.tierwise.gateway.chat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.gateway.chat.ChatUpstream.Opened;
import io.tierwise.gateway.tier.Resilience.Health;
import io.tierwise.router.request.Cancellation;
import io.tierwise.router.tier.Attempt.Cause;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A call that is made a second time where its answer does not begin as soon as that of nineteen in
 * twenty. The first that is answered counts, and the other is called off.
 */
final class Hedge {
  private final ChatUpstream upstream;
  private final ObjectNode question;
  private final Cancellation caller;
  private final BlockingQueue<Runner> done = new LinkedBlockingQueue<>();

  Hedge(ChatUpstream upstream, ObjectNode question, Cancellation caller) {
    this.upstream = upstream;
    this.question = question;
    this.caller = caller;
  }

  /**
   * What came of it.
   *
   * @param hedged whether a second call was made and called off
   */
  record Result(Opened opened, boolean hedged) {}

  Result open(Duration after) {
    Runner first = new Runner();
    Runner early = next(after);
    if (early != null) {
      return new Result(early.opened(), false);
    }
    Runner second = new Runner();
    Runner sooner = next(null);
    Runner other = sooner == first ? second : first;
    if (sooner == null) {
      first.leave();
      second.leave();
      return new Result(new Opened.Failed(Cause.CANCELLED, "nobody waits any more"), true);
    }
    if (sooner.opened() instanceof Opened.Failed) {
      // It decides nothing: the other may still be answered.
      Runner later = next(null);
      return new Result(later == null ? sooner.opened() : later.opened(), false);
    }
    other.leave();
    return new Result(sooner.opened(), true);
  }

  private @Nullable Runner next(@Nullable Duration most) {
    try {
      return most == null ? done.take() : done.poll(most.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  /** One of the two calls. */
  private final class Runner {
    private final Cancellation cancellation = Cancellation.possible();
    private final AtomicBoolean left = new AtomicBoolean();
    private volatile @Nullable Opened opened;

    Runner() {
      caller.whenCancelled(cancellation::cancel);
      Thread.ofVirtual().name("chat-call").start(this::run);
    }

    private void run() {
      opened = upstream.open(question, cancellation);
      done.add(this);
      if (left.get()) {
        leave();
      }
    }

    Opened opened() {
      Opened known = opened;
      if (known == null) {
        throw new IllegalStateException("it is not done");
      }
      return known;
    }

    /** Nobody waits for it any more; what it holds is given back, now or once it has it. */
    void leave() {
      left.set(true);
      cancellation.cancel();
      if (opened instanceof Opened.Answering answering) {
        answering.permit().end(Health.UNKNOWN);
        ChatUpstream.close(answering.body());
      }
    }
  }
}
