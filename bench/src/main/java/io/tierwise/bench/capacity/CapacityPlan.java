package io.tierwise.bench.capacity;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.router.InvalidValueException;
import java.time.Duration;

/**
 * The instances that a load needs for a target of latency: as many as a queueing model asks for,
 * and no fewer than the recorded calls need when they queue themselves, first come first served.
 * The model knows of bursts their mean size alone; on arrivals that come in batches it may ask for
 * a third too few, and then the recorded calls decide.
 *
 * @param calls to the large model
 * @param span from the first to the last
 * @param variability see {@link WaitingLine}
 * @param least for the quietest window: the lower bound of autoscaling
 * @param most for the busiest window: the upper bound, and the count without autoscaling
 * @param modelled what the model alone asks for in the busiest window
 * @param simulated the fewest with which the recorded calls meet the target
 * @param latency that the target's share of recorded calls keeps to with {@code most}
 * @param instanceHours of instances that follow the load from window to window
 */
public record CapacityPlan(
    int calls,
    Duration span,
    Duration meanService,
    double variability,
    int least,
    int most,
    int modelled,
    int simulated,
    Duration latency,
    double instanceHours) {

  /**
   * @throws InvalidValueException when no number of instances meets the target
   */
  public static CapacityPlan of(Arrivals arrivals, Target target) {
    Duration wait = waitLeft(arrivals, target);
    double tail = (1 - target.share()) / 2;
    double variability = arrivals.variability(target.window());
    int modelled = 1;
    int simulated = simulated(arrivals, target);
    int least = Integer.MAX_VALUE;
    int most = simulated;
    long windows = 0;
    for (Arrivals window : arrivals.windows(target.window())) {
      int byModel =
          instances(window.count(), arrivals.meanService(), variability, wait, tail, target);
      int needed = Math.max(byModel, window.count() == 0 ? 1 : simulated(window, target));
      modelled = Math.max(modelled, byModel);
      least = Math.min(least, needed);
      most = Math.max(most, needed);
      windows += needed;
    }
    return new CapacityPlan(
        arrivals.count(),
        arrivals.span(),
        arrivals.meanService(),
        variability,
        least,
        most,
        modelled,
        simulated,
        arrivals.latencyAt(most * target.concurrency(), target.share()),
        windows * (target.window().toNanos() / 1e9) / 3600);
  }

  /**
   * What waiting may take: each of waiting and service may be too slow for half of those who may be
   * late, so that both together are for no more than all of these, however they depend on each
   * other.
   */
  private static Duration waitLeft(Arrivals arrivals, Target target) {
    Duration service = arrivals.serviceAt((1 + target.share()) / 2);
    Duration left = target.latency().minus(service);
    if (!left.isPositive()) {
      throw new InvalidValueException(
          "latency",
          "the model itself takes %d ms for %.4g %% of calls, and the target is %d ms"
              .formatted(
                  service.toMillis(), 50 * (1 + target.share()), target.latency().toMillis()),
          "no number of instances helps: allow more, or use a faster instance");
    }
    return left;
  }

  private static int instances(
      int count, Duration service, double variability, Duration wait, double tail, Target target) {
    double perSecond = count / (target.window().toNanos() / 1e9);
    int servers = new WaitingLine(perSecond, service, variability).serversFor(wait, tail);
    return Math.ceilDiv(servers, target.concurrency());
  }

  private static int simulated(Arrivals arrivals, Target target) {
    int below = 0;
    int enough = 1;
    while (late(arrivals, target, enough)) {
      below = enough;
      enough *= 2;
    }
    while (enough - below > 1) {
      int middle = (enough + below) / 2;
      if (late(arrivals, target, middle)) {
        below = middle;
      } else {
        enough = middle;
      }
    }
    return enough;
  }

  private static boolean late(Arrivals arrivals, Target target, int instances) {
    Duration latency = arrivals.latencyAt(instances * target.concurrency(), target.share());
    return latency.compareTo(target.latency()) > 0;
  }

  public ObjectNode json() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("calls", calls)
        .put("spanSeconds", span.toSeconds())
        .put("meanServiceMillis", meanService.toMillis())
        .put("variability", variability)
        .put("least", least)
        .put("most", most)
        .put("modelled", modelled)
        .put("simulated", simulated)
        .put("latencyMillis", latency.toMillis())
        .put("instanceHours", instanceHours);
  }
}
