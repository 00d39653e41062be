package io.tierwise.gateway.front;

import io.tierwise.gateway.dialect.ServedTask;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** Something made of the served tasks; made anew when a reload has changed them. */
final class MadeOfTasks<T> {
  private final Supplier<List<ServedTask>> tasks;
  private final Function<List<ServedTask>, T> make;
  private volatile Made<T> made;

  private record Made<T>(List<ServedTask> tasks, T value) {}

  MadeOfTasks(Supplier<List<ServedTask>> tasks, Function<List<ServedTask>, T> make) {
    this.tasks = tasks;
    this.make = make;
    this.made = made(tasks.get());
  }

  /** To be asked once a request: what is decoded with one is encoded with the same. */
  T now() {
    List<ServedTask> current = tasks.get();
    Made<T> last = made;
    if (!last.tasks().equals(current)) {
      last = made(current);
      made = last;
    }
    return last.value();
  }

  private Made<T> made(List<ServedTask> from) {
    return new Made<>(from, make.apply(from));
  }
}
