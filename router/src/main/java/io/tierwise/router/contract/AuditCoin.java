package io.tierwise.router.contract;

import io.tierwise.router.Requirement;
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
 */
public record AuditCoin(RandomGenerator random, double shutRate, double openRate) {
  public AuditCoin {
    Requirement.closedUnit("audit.shutRate", shutRate);
    Requirement.closedUnit("audit.openRate", openRate);
  }

  public boolean flip(Gate gate) {
    double rate =
        switch (gate) {
          case Gate.Open open -> openRate;
          case Gate.Observe observe -> shutRate;
          case Gate.Shut shut -> shutRate;
        };
    synchronized (random) {
      return random.nextDouble() < rate;
    }
  }
}
