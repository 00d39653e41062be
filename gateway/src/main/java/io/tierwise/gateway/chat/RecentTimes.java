package io.tierwise.gateway.chat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** How long the last calls took until they were answered. */
final class RecentTimes {
  private static final int KEPT = 200;
  private static final int FEWEST = 20;
  private static final double SHARE = 0.95;

  private final Deque<Long> nanos = new ArrayDeque<>(KEPT);

  synchronized void add(Duration time) {
    if (nanos.size() == KEPT) {
      nanos.removeFirst();
    }
    nanos.addLast(time.toNanos());
  }

  /** The 95th percentile; empty before {@value #FEWEST} calls. */
  synchronized Optional<Duration> p95() {
    if (nanos.size() < FEWEST) {
      return Optional.empty();
    }
    long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
    return Optional.of(Duration.ofNanos(sorted[(int) Math.ceil(SHARE * sorted.length) - 1]));
  }
}
