package io.tierwise.router.cost;

import io.tierwise.router.request.Tenant;
import java.math.BigDecimal;
import java.time.Instant;

/**
 * What one request asks to have set aside.
 *
 * @param worstCase what it costs at most
 * @param tokens what the large model is expected to read and write for it
 * @param at when; periods are told from it
 * @param leaseEnds when what was set aside is let go at the latest, should nobody be left to settle
 */
public record Claim(
    Tenant tenant, String task, Money worstCase, long tokens, Instant at, Instant leaseEnds) {

  /** How much of what a limit counts. */
  public BigDecimal asks(Measure measure) {
    return switch (measure) {
      case DOLLARS -> worstCase.usd();
      case REQUESTS -> BigDecimal.ONE;
      case TOKENS -> BigDecimal.valueOf(tokens);
    };
  }
}
