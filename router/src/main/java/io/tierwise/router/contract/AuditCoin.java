package io.tierwise.router.contract;

import io.tierwise.router.Requirement;
import java.util.function.DoubleSupplier;
import java.util.random.RandomGenerator;

/**
 * Decides before routing whether a request is audited. It never sees the request, so the audited
 * ones are a uniform sample of traffic.
 *
 * @param random shared by all requests; most generators are not thread-safe, so it is only used
 *     under its own lock
 * @param shutRate while no cheap tier may answer: the large model answers anyway, so audits are
 *     free
 * @param openRate while cheap tiers answer: every audit costs a large call
 * @param affordable the share of the open rate that an {@link AuditCap} leaves now, in [0, 1]
 */
public record AuditCoin(
    RandomGenerator random, double shutRate, double openRate, DoubleSupplier affordable) {
  public AuditCoin {
    Requirement.closedUnit("audit.shutRate", shutRate);
    Requirement.closedUnit("audit.openRate", openRate);
  }

  /** A coin that no cap slows down. */
  public AuditCoin(RandomGenerator random, double shutRate, double openRate) {
    this(random, shutRate, openRate, () -> 1);
  }

  public boolean flip(Gate gate) {
    return switch (gate) {
      case Gate.Open open -> flipCosting();
      case Gate.Observe observe -> falls(shutRate);
      case Gate.Shut shut -> falls(shutRate);
    };
  }

  /** At the open rate, for what costs as much whatever the gate says. */
  public boolean flipCosting() {
    return falls(openRate * affordable.getAsDouble());
  }

  private boolean falls(double rate) {
    synchronized (random) {
      return random.nextDouble() < rate;
    }
  }
}
