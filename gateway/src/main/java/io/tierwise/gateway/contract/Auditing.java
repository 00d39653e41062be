package io.tierwise.gateway.contract;

import io.tierwise.gateway.config.TierwiseConfig.AuditConfig;
import io.tierwise.router.contract.AuditCap;
import io.tierwise.router.contract.Gate;
import io.tierwise.router.cost.Money;
import org.jspecify.annotations.Nullable;

/**
 * How often a task's requests are audited.
 *
 * @param rate as configured for the gate as it is
 * @param now what the day's limit leaves of it, in [0, 1]
 * @param dailyLimit null for none
 * @param spentToday on large calls made for audits alone, this UTC day
 */
public record Auditing(double rate, double now, @Nullable Money dailyLimit, Money spentToday) {
  static Auditing of(AuditConfig config, Gate gate, Money spentToday) {
    AuditCap cap = config.cap();
    double left = cap == null ? 1 : cap.share(spentToday);
    return switch (gate) {
      case Gate.Open open ->
          new Auditing(
              config.openRate(), config.openRate() * left, config.dailyLimit(), spentToday);
      case Gate.Observe observe -> free(config, spentToday);
      case Gate.Shut shut -> free(config, spentToday);
    };
  }

  /** The large model answers anyway, so an audit costs nothing. */
  private static Auditing free(AuditConfig config, Money spentToday) {
    return new Auditing(config.shutRate(), config.shutRate(), config.dailyLimit(), spentToday);
  }
}
