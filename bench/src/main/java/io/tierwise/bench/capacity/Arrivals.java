package io.tierwise.bench.capacity;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.Requirement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** Calls to the large model, in the order of their arrival, with what each took of its server. */
public final class Arrivals {
  private final long[] at;
  private final long[] service;

  /** One call. */
  public record Call(Instant at, Duration service) {}

  private Arrivals(long[] at, long[] service) {
    this.at = at;
    this.service = service;
  }

  /**
   * @throws InvalidValueException when there are fewer than two calls
   */
  public static Arrivals of(List<Call> calls) {
    if (calls.size() < 2) {
      throw new InvalidValueException(
          "calls", "there are " + calls.size() + " to the large model", "give at least two");
    }
    List<Call> sorted = new ArrayList<>(calls);
    sorted.sort(Comparator.comparing(Call::at));
    Instant first = sorted.getFirst().at();
    return new Arrivals(
        sorted.stream().mapToLong(call -> Duration.between(first, call.at()).toNanos()).toArray(),
        sorted.stream().mapToLong(call -> call.service().toNanos()).toArray());
  }

  public int count() {
    return at.length;
  }

  /** From the first to the last. */
  public Duration span() {
    return Duration.ofNanos(Math.max(1, at[at.length - 1]));
  }

  public Duration meanService() {
    return Duration.ofNanos(Math.round(Arrays.stream(service).average().orElse(0)));
  }

  /** What this share of calls takes at most of its server. */
  public Duration serviceAt(double share) {
    long[] sorted = service.clone();
    Arrays.sort(sorted);
    return Duration.ofNanos(at(sorted, share));
  }

  /** The calls of each window of this length, the first with the first call; some may be empty. */
  List<Arrivals> windows(Duration window) {
    Requirement.notNegative("window", window.toNanos() - 1);
    List<Arrivals> windows = new ArrayList<>();
    int start = 0;
    for (long end = window.toNanos(); start < at.length; end += window.toNanos()) {
      int next = start;
      while (next < at.length && at[next] < end) {
        next++;
      }
      windows.add(
          new Arrivals(
              Arrays.copyOfRange(at, start, next), Arrays.copyOfRange(service, start, next)));
      start = next;
    }
    return windows;
  }

  /**
   * (c_a² + c_s²)/2, with the times between arrivals taken within windows, so that the rising and
   * falling of the load over the day does not count as bursts; at least 1.
   */
  public double variability(Duration window) {
    double sum = 0;
    long gaps = 0;
    int start = 0;
    while (start < at.length) {
      long end = (at[start] / window.toNanos() + 1) * window.toNanos();
      int next = start;
      double total = 0;
      double squares = 0;
      while (next + 1 < at.length && at[next + 1] < end) {
        double gap = at[next + 1] - at[next];
        total += gap;
        squares += gap * gap;
        next++;
      }
      int count = next - start;
      if (count > 1 && total > 0) {
        double mean = total / count;
        sum += count * (squares / count / (mean * mean) - 1);
        gaps += count;
      }
      start = next + 1;
    }
    double ofArrivals = gaps == 0 ? 1 : sum / gaps;
    return Math.max(1, (ofArrivals + squaredVariation(service)) / 2);
  }

  private static double squaredVariation(long[] values) {
    double mean = Arrays.stream(values).average().orElse(0);
    double squares =
        Arrays.stream(values)
            .mapToDouble(value -> (value - mean) * (value - mean))
            .average()
            .orElse(0);
    return mean == 0 ? 1 : squares / (mean * mean);
  }

  /** The time from arrival to answer of this share of calls, first come first served. */
  public Duration latencyAt(int servers, double share) {
    long[] latencies = latencies(servers);
    Arrays.sort(latencies);
    return Duration.ofNanos(at(latencies, share));
  }

  /** The waits, in the order of arrival: the calls one by one, each to the server free first. */
  public Duration[] waits(int servers) {
    long[] latencies = latencies(servers);
    Duration[] waits = new Duration[latencies.length];
    for (int i = 0; i < waits.length; i++) {
      waits[i] = Duration.ofNanos(latencies[i] - service[i]);
    }
    return waits;
  }

  private long[] latencies(int servers) {
    Requirement.positive("servers", servers);
    PriorityQueue<Long> free = new PriorityQueue<>();
    for (int server = 0; server < servers; server++) {
      free.add(0L);
    }
    long[] latencies = new long[at.length];
    for (int call = 0; call < at.length; call++) {
      long begins = Math.max(at[call], free.remove());
      long ends = begins + service[call];
      free.add(ends);
      latencies[call] = ends - at[call];
    }
    return latencies;
  }

  private static long at(long[] sorted, double share) {
    return sorted[Math.min(sorted.length - 1, (int) Math.ceil(share * sorted.length) - 1)];
  }
}
