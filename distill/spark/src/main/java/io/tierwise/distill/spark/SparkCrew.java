package io.tierwise.distill.spark;

import io.tierwise.distill.parallel.Crew;
import io.tierwise.distill.parallel.Work;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;

/** Spreads parts over the workers; each opens the work once for all parts that it is given. */
final class SparkCrew<T extends Serializable, R extends Serializable> implements Crew<T, R> {
  private final JavaSparkContext context;
  private final Work<T, R> work;
  private final int workers;

  /** What travels back. */
  private record Made<R extends Serializable>(R result, int begun) implements Serializable {}

  SparkCrew(JavaSparkContext context, Work<T, R> work, int workers) {
    this.context = context;
    this.work = work;
    this.workers = workers;
  }

  @Override
  public int atOnce() {
    return workers;
  }

  @Override
  public List<Done<R>> each(List<T> parts) {
    return made(context, work, parts, Math.min(workers, parts.size())).stream()
        .map(made -> new Done<>(made.result(), made.begun()))
        .toList();
  }

  /** Static, so that what travels to the workers is the work alone. */
  private static <T extends Serializable, R extends Serializable> List<Made<R>> made(
      JavaSparkContext context, Work<T, R> work, List<T> parts, int slices) {
    return context
        .parallelize(new ArrayList<>(parts), slices)
        .mapPartitions(iterator -> worked(work, iterator))
        .collect();
  }

  private static <T extends Serializable, R extends Serializable> Iterator<Made<R>> worked(
      Work<T, R> work, Iterator<T> parts) throws IOException {
    int begun = TaskContext.get().attemptNumber() + 1;
    List<Made<R>> made = new ArrayList<>();
    try (Work.Worker<T, R> worker = work.open()) {
      while (parts.hasNext()) {
        made.add(new Made<>(worker.of(parts.next()), begun));
      }
    }
    return made.iterator();
  }

  @Override
  public void close() {}
}
