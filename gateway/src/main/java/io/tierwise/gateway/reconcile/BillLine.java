package io.tierwise.gateway.reconcile;

import io.tierwise.router.cost.Money;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/**
 * A line item of a Cost and Usage Report, as far as it matters here.
 *
 * @param service the product code, as in {@code AWSLambda}
 * @param resource the resource's id or ARN; empty where the report has none
 * @param type as in {@code Usage}, {@code Tax}, {@code Credit}
 * @param cost unblended
 * @param atPublicPrice what the usage costs at the public price; the cost where the report does not
 *     say
 */
record BillLine(
    String service,
    String resource,
    String type,
    String description,
    Instant start,
    Instant end,
    Money cost,
    Money atPublicPrice) {
  boolean usage() {
    return type.endsWith("Usage");
  }

  /** Usage that the account is not charged for, or less, by AWS's free tier. */
  boolean free() {
    return usage() && description.toLowerCase(Locale.ROOT).contains("free tier");
  }

  boolean ofAnHour() {
    return Duration.between(start, end).compareTo(Duration.ofHours(1)) <= 0;
  }
}
