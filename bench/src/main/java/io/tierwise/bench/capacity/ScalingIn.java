package io.tierwise.bench.capacity;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Tariff;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;

/**
 * What instances cost while they run, whatever they do: apart from what is metered, which an
 * endpoint billed by the hour saves only when it scales in.
 *
 * @param hourly of one instance
 * @param time that the calls were spread over
 * @param fixed as many as the busiest window needs, throughout
 * @param following as many as each window needs
 */
public record ScalingIn(Money hourly, Duration time, Money fixed, Money following) {
  public static ScalingIn of(CapacityPlan plan, Money hourly) {
    return new ScalingIn(
        hourly,
        plan.span(),
        cost(hourly, plan.span(), plan.most()),
        hourly.times(BigDecimal.valueOf(plan.instanceHours())));
  }

  /** What so many instances cost in the same time. */
  public Money of(int instances) {
    return cost(hourly, time, instances);
  }

  private static Money cost(Money hourly, Duration time, int instances) {
    return hourly
        .times(instances)
        .times(BigDecimal.valueOf(time.toMillis()))
        .share(BigDecimal.valueOf(3_600_000));
  }

  /** The price of an instance's hour; empty for what is not billed by it. */
  public static Optional<Money> hourly(Tariff tariff) {
    return switch (tariff) {
      case Tariff.PerInstanceHour hour -> Optional.of(hour.hourly());
      case Tariff.PerGbSecond perGbSecond -> Optional.empty();
      case Tariff.PerRequest perRequest -> Optional.empty();
      case Tariff.PerToken perToken -> Optional.empty();
    };
  }

  public ObjectNode json() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("hourly", hourly.toString())
        .put("fixed", fixed.toString())
        .put("following", following.toString());
  }
}
