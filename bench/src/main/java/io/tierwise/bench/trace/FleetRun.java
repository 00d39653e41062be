package io.tierwise.bench.trace;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.PriorityQueue;

/**
 * The large tier under way: calls wait in their order for a free place, and give up when they have
 * waited too long. Time moves with {@link #offer} and {@link #finish}; nanoseconds from the start.
 */
final class FleetRun {
  private final Fleet fleet;
  private final long patience;
  private final Ended ended;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private final PriorityQueue<Long> ends = new PriorityQueue<>();
  private final PriorityQueue<Long> starts = new PriorityQueue<>();
  private int instances;
  private int most;
  private long now;
  private long nextLook;
  private long calmSince;
  private int mostWhileCalm;
  private double callTime;
  private double instanceTime;

  private record Waiting(int request, long at, long service) {}

  /** Told of each call's end. */
  @FunctionalInterface
  interface Ended {
    /**
     * @param at when it has its answer, or gives up
     */
    void at(int request, long at, boolean answered);
  }

  /**
   * @param instances that are there at the start
   * @param patience of a waiting call, in nanoseconds
   */
  FleetRun(Fleet fleet, int instances, long patience, Ended ended) {
    this.fleet = fleet;
    this.instances = instances;
    this.most = instances;
    this.patience = patience;
    this.ended = ended;
    this.nextLook = fleet.look().toNanos();
  }

  /** A call comes; calls come in their order. */
  void offer(int request, long at, long service) {
    advance(at);
    waiting.add(new Waiting(request, at, service));
    begin();
  }

  /** Ends all that is under way. */
  void finish() {
    while (!ends.isEmpty() || !waiting.isEmpty()) {
      advance(next());
    }
  }

  int mostInstances() {
    return most;
  }

  /** Paid for, those that start included. */
  double instanceHours() {
    return instanceTime / 3.6e12;
  }

  private void advance(long to) {
    while (next() <= to) {
      pass(next());
      while (!ends.isEmpty() && ends.peek() <= now) {
        ends.remove();
      }
      while (!starts.isEmpty() && starts.peek() <= now) {
        starts.remove();
        instances++;
      }
      if (now >= nextLook) {
        look();
      }
      begin();
    }
    pass(to);
  }

  private long next() {
    long next = nextLook;
    next = ends.isEmpty() ? next : Math.min(next, ends.peek());
    return starts.isEmpty() ? next : Math.min(next, starts.peek());
  }

  private void pass(long to) {
    callTime += (double) (to - now) * (ends.size() + waiting.size());
    instanceTime += (double) (to - now) * (instances + starts.size());
    now = to;
  }

  private void begin() {
    while (!waiting.isEmpty() && now - waiting.peek().at() > patience) {
      Waiting gone = waiting.remove();
      ended.at(gone.request(), gone.at() + patience, false);
    }
    while (!waiting.isEmpty() && ends.size() < instances * fleet.concurrency()) {
      Waiting next = waiting.remove();
      long end = now + next.service();
      ends.add(end);
      ended.at(next.request(), end, true);
    }
  }

  private void look() {
    int wanted = fleet.wanted(callTime / fleet.look().toNanos());
    callTime = 0;
    nextLook += fleet.look().toNanos();
    int there = instances + starts.size();
    if (wanted >= there) {
      for (int i = there; i < wanted; i++) {
        starts.add(now + fleet.start().toNanos());
      }
      most = Math.max(most, wanted);
      calmSince = now;
      mostWhileCalm = 0;
      return;
    }
    mostWhileCalm = Math.max(mostWhileCalm, wanted);
    if (now - calmSince >= fleet.calm().toNanos()) {
      // Those that still start are as good as the others: the last of all go.
      int gone = there - mostWhileCalm;
      while (gone > 0 && !starts.isEmpty()) {
        starts.remove(starts.stream().max(Long::compare).orElseThrow());
        gone--;
      }
      instances -= gone;
      calmSince = now;
      mostWhileCalm = 0;
    }
  }
}
