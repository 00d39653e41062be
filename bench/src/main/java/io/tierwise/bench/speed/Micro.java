package io.tierwise.bench.speed;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Times small pieces of work on one thread, several in turns: each is warmed up, then run in
 * batches, and of the batches the medians count.
 */
final class Micro {
  private static final long WARM_UP = TimeUnit.SECONDS.toNanos(2);
  private static final long BATCH = TimeUnit.MILLISECONDS.toNanos(100);
  private static final int BATCHES = 21;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private long kept;

  /**
   * What a piece of work takes.
   *
   * @param bytes allocated
   */
  record Cost(double nanos, double bytes) {}

  /** The costs, in the order of the works. */
  List<Cost> costs(List<Supplier<?>> works) {
    works.forEach(work -> batch(work, WARM_UP));
    List<List<Cost>> batches = new ArrayList<>();
    works.forEach(work -> batches.add(new ArrayList<>()));
    for (int round = 0; round < BATCHES; round++) {
      for (int i = 0; i < works.size(); i++) {
        batches.get(i).add(batch(works.get(i), BATCH));
      }
    }
    return batches.stream().map(Micro::median).toList();
  }

  private Cost batch(Supplier<?> work, long length) {
    long bytes = threads.getCurrentThreadAllocatedBytes();
    // The thread's own processor time: what other programs take falls out of it.
    long worked = threads.getCurrentThreadCpuTime();
    long begin = System.nanoTime();
    long runs = 0;
    long now = begin;
    while (now - begin < length) {
      for (int i = 0; i < 16; i++) {
        // Looked at, so that no compiler leaves the work out.
        kept += System.identityHashCode(work.get()) & 1;
      }
      runs += 16;
      now = System.nanoTime();
    }
    double allocated = threads.getCurrentThreadAllocatedBytes() - bytes;
    double nanos = threads.getCurrentThreadCpuTime() - worked;
    return new Cost(nanos / runs, allocated / runs);
  }

  private static Cost median(List<Cost> batches) {
    return new Cost(
        Rounds.median(batches.stream().mapToDouble(Cost::nanos).toArray()),
        Rounds.median(batches.stream().mapToDouble(Cost::bytes).toArray()));
  }

  /** Keeps the compiler honest. */
  @Override
  public String toString() {
    return "looked at " + kept;
  }
}
