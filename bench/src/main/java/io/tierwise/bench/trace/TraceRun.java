package io.tierwise.bench.trace;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.bench.capacity.Arrivals.Call;
import io.tierwise.router.cost.Money;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * What came of a trace under one load: a discrete-event simulation, the same for the same seed.
 *
 * @param factor times the trace's callers
 * @param large of the requests, those that went to the large tier
 * @param refused of these, those that waited too long
 * @param median from arrival to answer, over all that had one
 * @param p99 likewise
 * @param mostInstances that were there at once, those that start included
 * @param cost of the instances
 */
public record TraceRun(
    double factor,
    int requests,
    double perSecond,
    int large,
    int refused,
    Duration median,
    Duration p99,
    int mostInstances,
    double instanceHours,
    Money cost) {
  /** One in a thousand: more refusals are no service. */
  private static final int REQUESTS_A_REFUSAL = 1000;

  /**
   * All that is fixed about the runs of a trace.
   *
   * @param patience of a call that waits for the large tier
   */
  public record Setting(List<Call> trace, Tiers tiers, Fleet fleet, Duration patience, long seed) {
    public Setting {
      trace = List.copyOf(trace);
    }

    /** The same where the large tier answers everything. */
    public Setting largeAlone() {
      return new Setting(trace, tiers.withoutCheapOnes(), fleet, patience, seed);
    }
  }

  /** Plays the trace with {@code factor} times its callers. */
  public static TraceRun of(Setting setting, double factor) {
    SplittableRandom random = new SplittableRandom(setting.seed());
    Crowd crowd = Crowd.of(setting.trace(), factor, random);
    int count = crowd.at().length;
    long[] latencies = new long[count];
    boolean[] answered = new boolean[count];
    PriorityQueue<Escalated> escalated = new PriorityQueue<>();
    PriorityQueue<Long> free = new PriorityQueue<>();
    for (int core = 0; core < setting.tiers().cores(); core++) {
      free.add(0L);
    }
    double callTime = 0;
    for (int i = 0; i < count; i++) {
      Tiers.Answer answer = setting.tiers().draw(random);
      long left = Math.max(crowd.at()[i], free.remove()) + setting.tiers().nanos(answer);
      free.add(left);
      if (answer == Tiers.Answer.LARGE) {
        escalated.add(new Escalated(left, i));
        callTime += crowd.service()[i];
      } else {
        latencies[i] = left - crowd.at()[i];
        answered[i] = true;
      }
    }
    int large = escalated.size();
    double span = Math.max(1, crowd.at()[count - 1]);
    FleetRun fleet =
        new FleetRun(
            setting.fleet(),
            setting.fleet().wanted(callTime / span),
            setting.patience().toNanos(),
            (request, at, whole) -> {
              latencies[request] = at - crowd.at()[request];
              answered[request] = whole;
            });
    for (Escalated next = escalated.poll(); next != null; next = escalated.poll()) {
      fleet.offer(next.request(), next.at(), crowd.service()[next.request()]);
    }
    fleet.finish();
    long[] whole = sortedAnswers(latencies, answered);
    return new TraceRun(
        factor,
        count,
        count / (span / 1e9),
        large,
        count - whole.length,
        at(whole, 0.5),
        at(whole, 0.99),
        fleet.mostInstances(),
        fleet.instanceHours(),
        setting.fleet().hourly().times(BigDecimal.valueOf(fleet.instanceHours())));
  }

  /** A request that has left the gateway for the large tier. */
  private record Escalated(long at, int request) implements Comparable<Escalated> {
    @Override
    public int compareTo(Escalated other) {
      int order = Long.compare(at, other.at);
      return order == 0 ? Integer.compare(request, other.request) : order;
    }
  }

  /**
   * The most callers with whom 99 of 100 answers come in time and next to none is refused; found by
   * doubling and halving, to a twentieth. 0 where that fails with the trace's own callers.
   *
   * @param most times the trace's callers that are tried
   */
  public static double highest(Setting setting, Duration p99, double most) {
    double holds = 0;
    double fails = 1;
    while (fails <= most && of(setting, fails).holds(p99)) {
      holds = fails;
      fails *= 2;
    }
    if (holds == 0 || fails > most) {
      return holds;
    }
    while (fails / holds > 1.05) {
      double middle = Math.sqrt(holds * fails);
      if (of(setting, middle).holds(p99)) {
        holds = middle;
      } else {
        fails = middle;
      }
    }
    return holds;
  }

  private boolean holds(Duration limit) {
    return p99.compareTo(limit) <= 0 && (long) refused * REQUESTS_A_REFUSAL <= requests;
  }

  private static long[] sortedAnswers(long[] latencies, boolean[] answered) {
    long[] whole = new long[latencies.length];
    int count = 0;
    for (int i = 0; i < latencies.length; i++) {
      if (answered[i]) {
        whole[count++] = latencies[i];
      }
    }
    long[] sorted = Arrays.copyOf(whole, count);
    Arrays.sort(sorted);
    return sorted;
  }

  private static Duration at(long[] sorted, double share) {
    return sorted.length == 0
        ? Duration.ZERO
        : Duration.ofNanos(sorted[(int) Math.ceil(share * sorted.length) - 1]);
  }

  public ObjectNode json() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("factor", factor)
        .put("requests", requests)
        .put("perSecond", perSecond)
        .put("large", large)
        .put("refused", refused)
        .put("p50Millis", median.toNanos() / 1e6)
        .put("p99Millis", p99.toNanos() / 1e6)
        .put("mostInstances", mostInstances)
        .put("instanceHours", instanceHours)
        .put("costUsd", cost.toString());
  }
}
