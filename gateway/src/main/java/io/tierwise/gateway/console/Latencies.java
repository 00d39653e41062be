package io.tierwise.gateway.console;

import java.time.Duration;

/**
 * How long requests took: counts in buckets of which each ends 9 % above the one before, from a
 * microsecond to more than an hour. A quantile is the end of its bucket, so at most 9 % too long.
 */
final class Latencies {
  private static final int PER_DOUBLING = 8;
  private static final int BUCKETS = 32 * PER_DOUBLING;
  private static final long NANOS_IN_MICRO = 1_000;

  private final long[] counts = new long[BUCKETS];
  private long count;
  private Duration longest = Duration.ZERO;

  void add(Duration latency) {
    counts[bucket(latency.toNanos())]++;
    count++;
    longest = latency.compareTo(longest) > 0 ? latency : longest;
  }

  void add(Latencies others) {
    for (int i = 0; i < BUCKETS; i++) {
      counts[i] += others.counts[i];
    }
    count += others.count;
    longest = others.longest.compareTo(longest) > 0 ? others.longest : longest;
  }

  long count() {
    return count;
  }

  Duration longest() {
    return longest;
  }

  /**
   * What this share of requests took at most; nothing took longer than {@link #longest}.
   *
   * @param share in (0, 1]
   */
  Duration quantile(double share) {
    long rank = (long) Math.ceil(share * count);
    long below = 0;
    for (int i = 0; i < BUCKETS && count > 0; i++) {
      below += counts[i];
      if (below >= rank) {
        Duration end = Duration.ofNanos(end(i));
        return end.compareTo(longest) < 0 ? end : longest;
      }
    }
    return longest;
  }

  private static int bucket(long nanos) {
    double doublings = Math.log((double) Math.max(nanos, 1) / NANOS_IN_MICRO) / Math.log(2);
    return Math.clamp((long) Math.ceil(PER_DOUBLING * doublings), 0, BUCKETS - 1);
  }

  private static long end(int bucket) {
    return Math.round(NANOS_IN_MICRO * Math.pow(2, (double) bucket / PER_DOUBLING));
  }
}
