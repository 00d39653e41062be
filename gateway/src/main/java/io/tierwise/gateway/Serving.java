package io.tierwise.gateway;

import io.tierwise.gateway.chat.Chats;
import io.tierwise.gateway.config.TierwiseConfig;
import io.tierwise.gateway.config.TierwiseConfig.TaskConfig;
import io.tierwise.gateway.config.TierwiseConfig.Upstream;
import io.tierwise.gateway.dialect.ServedTask;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.cost.LargeUsage;
import io.tierwise.router.cost.Tariff;
import io.tierwise.router.request.Task;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What one configuration serves; a reload puts another one in its place. It knows how many requests
 * are under way in it, so that nothing is closed beneath them.
 */
final class Serving {
  private static final int CLOSED = -1;

  private final Parts parts;
  private final Map<String, ServingTask> tasks;
  private final Map<String, Basis> bases;
  private final List<ServedTask> served;
  private final ChatAssembly.Basis chatBasis;
  private final Chats chats;
  private final AtomicInteger underWay = new AtomicInteger();

  /** All that a task is made from: with the same again it need not be made anew. */
  private record Basis(
      TaskConfig task,
      Upstream upstream,
      Tariff large,
      Tariff student,
      Tariff exactCache,
      Tariff semanticCache) {
    static Basis of(TaskConfig task, Parts parts) {
      return new Basis(
          task,
          Objects.requireNonNull(parts.config().upstreams().get(task.large().upstream())),
          parts.tariff(task.large().price()),
          parts.tariff(task.student().price()),
          parts.tariff(task.exactCache().price()),
          parts.tariff(task.semanticCache().price()));
    }
  }

  private Serving(
      Parts parts,
      Map<String, ServingTask> tasks,
      Map<String, Basis> bases,
      ChatAssembly.Basis chatBasis,
      Chats chats) {
    this.chatBasis = chatBasis;
    this.chats = chats;
    this.parts = parts;
    this.tasks = tasks;
    this.bases = bases;
    this.served =
        tasks.values().stream()
            .map(task -> new ServedTask(task.task(), task.form(), task.patience()))
            .toList();
  }

  /** The first one of a process. */
  static Serving first(Parts parts, Map<String, LargeUsage> history) {
    Map<String, ServingTask> tasks = new LinkedHashMap<>();
    for (TaskConfig task : parts.config().tasks()) {
      tasks.put(task.name(), TaskAssembly.of(task, parts, history));
    }
    return new Serving(
        parts, tasks, bases(parts), ChatAssembly.Basis.of(parts), ChatAssembly.of(parts));
  }

  /** The one after this: tasks that nothing has changed for go on as they are, caches and all. */
  Serving next(Parts nextParts) {
    Map<String, LargeUsage> seen = new HashMap<>();
    tasks.forEach((name, task) -> seen.put(name, task.cascade().seen()));
    Map<String, Basis> nextBases = bases(nextParts);
    Map<String, ServingTask> next = new LinkedHashMap<>();
    for (TaskConfig task : nextParts.config().tasks()) {
      String name = task.name();
      ServingTask same = tasks.get(name);
      if (same != null && Objects.equals(bases.get(name), nextBases.get(name))) {
        next.put(name, same);
      } else {
        next.put(name, TaskAssembly.of(task, nextParts, seen));
      }
    }
    ChatAssembly.Basis nextChats = ChatAssembly.Basis.of(nextParts);
    // Those that are replaced are not closed, for their streams may take long: nothing holds them.
    Chats nextOnes = nextChats.equals(chatBasis) ? chats : ChatAssembly.of(nextParts);
    return new Serving(nextParts, next, nextBases, nextChats, nextOnes);
  }

  private static Map<String, Basis> bases(Parts parts) {
    Map<String, Basis> bases = new HashMap<>();
    parts.config().tasks().forEach(task -> bases.put(task.name(), Basis.of(task, parts)));
    return bases;
  }

  /** Whether this configuration, with its prices as of today, says the same. */
  boolean serves(Parts others) {
    return parts.config().equals(others.config())
        && bases.equals(bases(others))
        && chatBasis.equals(ChatAssembly.Basis.of(others));
  }

  Parts parts() {
    return parts;
  }

  TierwiseConfig config() {
    return parts.config();
  }

  Chats chats() {
    return chats;
  }

  Collection<ServingTask> tasks() {
    return tasks.values();
  }

  List<ServedTask> served() {
    return served;
  }

  /**
   * @throws InvalidValueException when there is none of this name
   */
  ServingTask task(String name) {
    ServingTask task = tasks.get(name);
    if (task == null) {
      throw new InvalidValueException(
          "task", "there is no task '" + name + "'", "use one of " + tasks.keySet());
    }
    return task;
  }

  /** Whether it has this very task, labels and all. */
  boolean knows(Task task) {
    ServingTask known = tasks.get(task.name());
    return known != null && known.task().equals(task);
  }

  /** Whether it has this object, which may be shared with the one before or after. */
  boolean holds(ServingTask task) {
    return tasks.containsValue(task);
  }

  /** Begins a request, to be ended by {@link #leave}; false when it is closed. */
  boolean enter() {
    return underWay.updateAndGet(count -> count == CLOSED ? CLOSED : count + 1) != CLOSED;
  }

  void leave() {
    underWay.decrementAndGet();
  }

  /** Lets nobody in any more, if nobody is in. */
  boolean closeIfIdle() {
    return underWay.compareAndSet(0, CLOSED) || underWay.get() == CLOSED;
  }
}
