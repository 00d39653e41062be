package io.tierwise.bench.trace;

import io.tierwise.bench.capacity.Arrivals.Call;
import io.tierwise.router.InvalidValueException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The arrivals of a trace with several times its callers: each call comes that often, the further
 * ones anywhere before the next call of the trace. So the hour keeps its length and its bursts.
 */
@SuppressWarnings("ArrayRecordComponent") // read by the simulation alone
record Crowd(long[] at, long[] service) {
  /**
   * @param factor a fraction stands for that share of the calls; positive
   */
  static Crowd of(List<Call> trace, double factor, RandomGenerator random) {
    if (!(factor > 0)) {
      throw new InvalidValueException(
          "speed", factor + " times the callers are none", "give a positive number");
    }
    List<Call> calls = trace.stream().sorted(Comparator.comparing(Call::at)).toList();
    Instant first = calls.getFirst().at();
    long[] at = new long[(int) Math.ceil(calls.size() * (factor + 1))];
    long[] service = new long[at.length];
    int count = 0;
    for (int i = 0; i < calls.size(); i++) {
      long begin = Duration.between(first, calls.get(i).at()).toNanos();
      long gap =
          i + 1 < calls.size()
              ? Duration.between(calls.get(i).at(), calls.get(i + 1).at()).toNanos()
              : 0;
      int copies = (int) factor + (random.nextDouble() < factor - (int) factor ? 1 : 0);
      int from = count;
      for (int copy = 0; copy < copies; copy++) {
        at[count] = begin + (copy == 0 || gap == 0 ? 0 : random.nextLong(gap));
        service[count++] = calls.get(i).service().toNanos();
      }
      Arrays.sort(at, from, count);
    }
    return new Crowd(Arrays.copyOf(at, count), Arrays.copyOf(service, count));
  }
}
