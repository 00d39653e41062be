package io.tierwise.bench.whatif;

import io.tierwise.router.cost.Money;
import java.math.BigDecimal;

/** What attempts of one tier have cost at the new price: the least, the mean and the most. */
final class Prices {
  private long count;
  private Money sum = Money.ZERO;
  private Money least = Money.ZERO;
  private Money most = Money.ZERO;

  void add(Money cost) {
    least = count == 0 || cost.compareTo(least) < 0 ? cost : least;
    most = cost.compareTo(most) > 0 ? cost : most;
    sum = sum.plus(cost);
    count++;
  }

  boolean none() {
    return count == 0;
  }

  /** What so many more cost. */
  Range of(long times) {
    return none()
        ? Range.NOTHING
        : new Range(
            least.times(times),
            sum.times(times).share(BigDecimal.valueOf(count)),
            most.times(times));
  }
}
