package io.tierwise.gateway;

import io.tierwise.gateway.config.TierwiseConfig;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.cost.LargeUsage;
import io.tierwise.router.request.Task;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What is served now, and what was served before and still has requests or audits under way. A
 * change is one write: a request that has begun ends under the configuration it began under.
 */
final class Servings {
  private static final Duration AUDIT_GRACE = Duration.ofSeconds(5);

  private final UnaryOperator<@Nullable String> environment;
  private final Deque<Serving> retired = new ConcurrentLinkedDeque<>();
  private volatile Serving now;
  private @Nullable Serving resting;

  Servings(
      Parts parts, Map<String, LargeUsage> history, UnaryOperator<@Nullable String> environment) {
    this.environment = environment;
    this.now = Serving.first(parts, history);
  }

  Serving now() {
    return now;
  }

  /**
   * Does a request's work in its task as the request knows it.
   *
   * @throws InvalidValueException when there is none of its name
   */
  <T> T serve(Task task, Function<ServingTask, T> work) {
    Serving serving = enter(task);
    try {
      return work.apply(serving.task(task.name()));
    } finally {
      serving.leave();
    }
  }

  private Serving enter(Task task) {
    while (true) {
      Serving current = now;
      Serving fitting = current;
      if (!current.knows(task)) {
        // Decoded just before a reload that changed its labels, or took it away.
        for (Serving earlier : retired) {
          fitting = earlier.knows(task) ? earlier : fitting;
        }
      }
      fitting.task(task.name());
      if (fitting.enter()) {
        return fitting;
      }
      if (current.enter()) {
        return current;
      }
    }
  }

  /**
   * Serves another configuration from now on. When this throws, nothing has changed.
   *
   * @return false when it says the same as the one in force
   * @throws InvalidValueException when the key of an endpoint or a price is missing
   */
  synchronized boolean change(TierwiseConfig config) {
    Serving before = now;
    Parts parts = before.parts().changedTo(config, environment);
    Serving next;
    try {
      if (before.serves(parts)) {
        parts.upstreams().closeAllBut(before.parts().upstreams());
        return false;
      }
      next = before.next(parts);
      next.tasks().stream().filter(task -> !before.holds(task)).forEach(ServingTask::refresh);
      next.chats().refresh();
    } catch (RuntimeException e) {
      parts.upstreams().closeAllBut(before.parts().upstreams());
      throw e;
    }
    parts.heldTo(config);
    retired.addLast(before);
    now = next;
    show(before, next);
    return true;
  }

  private static void show(Serving before, Serving next) {
    Parts parts = next.parts();
    for (ServingTask task : before.tasks()) {
      if (!next.config().tasks().stream().anyMatch(it -> it.name().equals(task.task().name()))) {
        parts.metrics().forget("task", task.task().name());
      }
    }
    for (String upstream : before.config().upstreams().keySet()) {
      if (!next.config().upstreams().containsKey(upstream)) {
        parts.metrics().forget("upstream", upstream);
      }
    }
    next.tasks().stream()
        .filter(task -> !before.holds(task))
        .forEach(task -> task.show(parts.metrics()));
  }

  /**
   * Closes what has come to its end. In their order, for a later one may hold what an earlier one
   * still works with; and one look after it was replaced at the soonest, for a request may have
   * been read for it and not yet begun.
   */
  synchronized void closeIdle() {
    Serving oldest = retired.peekFirst();
    while (oldest != null) {
      boolean rested = oldest == resting;
      resting = oldest;
      if (!rested || !oldest.closeIfIdle() || !finished(oldest)) {
        return;
      }
      Serving after = successor(oldest);
      Closing closing = new Closing();
      Serving ended = oldest;
      ended.tasks().stream()
          .filter(task -> !after.holds(task))
          .forEach(task -> closing.then(task.live()::close));
      closing.then(() -> ended.parts().upstreams().closeAllBut(after.parts().upstreams()));
      retired.removeFirst();
      closing.end();
      oldest = retired.peekFirst();
    }
  }

  private Serving successor(Serving serving) {
    Serving before = null;
    for (Serving each : retired) {
      if (before == serving) {
        return each;
      }
      before = each;
    }
    return now;
  }

  private boolean finished(Serving serving) {
    Serving after = successor(serving);
    boolean finished = true;
    for (ServingTask task : serving.tasks()) {
      finished &= after.holds(task) || task.audits().finish();
    }
    return finished;
  }

  /** How many earlier ones are not yet closed. */
  int waiting() {
    return retired.size();
  }

  /** Waits for audits under way for a few seconds, and closes everything but the shared parts. */
  synchronized void close() {
    Closing closing = new Closing();
    Deque<Serving> all = new ArrayDeque<>(retired);
    all.addLast(now);
    Set<ServingTask> tasks = new HashSet<>();
    all.forEach(serving -> tasks.addAll(serving.tasks()));
    tasks.forEach(task -> closing.then(() -> task.audits().drain(AUDIT_GRACE)));
    tasks.forEach(task -> closing.then(task.live()::close));
    closing.then(now.chats()::close);
    all.forEach(serving -> closing.then(serving.parts().upstreams()::close));
    closing.then(now.parts()::close);
    retired.clear();
    closing.end();
  }
}
