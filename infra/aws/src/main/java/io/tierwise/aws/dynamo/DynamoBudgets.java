package io.tierwise.aws.dynamo;

import io.tierwise.router.cost.Budgets;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Reservation;
import io.tierwise.router.request.Tenant;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * Budgets per tenant and UTC day in a table. What is spent and set aside is one number, added to
 * under a condition, so that no two sandboxes can both take what is left. DynamoDB counts to 38
 * digits; amounts are rounded up at the 24th decimal, which is against the tenant by less than a
 * billionth of a billionth of a cent.
 */
public final class DynamoBudgets implements Budgets {
  private static final int DECIMALS = 24;
  private static final Duration KEPT = Duration.ofDays(2);

  private final Table table;
  private final Map<Tenant, Money> limits;

  public DynamoBudgets(DynamoDbClient client, String table, Map<Tenant, Money> limits) {
    this.table = new Table(client, table);
    this.limits = Map.copyOf(limits);
  }

  @Override
  public Reservation reserve(Tenant tenant, Money worstCase, Instant now) {
    Money limit = limits.get(tenant);
    Reservation.Granted granted = new Reservation.Granted(tenant, worstCase, now);
    if (limit == null || worstCase.equals(Money.ZERO)) {
      return granted;
    }
    BigDecimal room = limit.usd().subtract(digits(worstCase));
    LocalDate today = day(now);
    if (room.signum() >= 0 && taken(tenant, today, worstCase, room)) {
      return granted;
    }
    return new Reservation.Exhausted(
        tenant, today.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant());
  }

  private boolean taken(Tenant tenant, LocalDate day, Money amount, BigDecimal room) {
    return table.calling(() -> {
      try {
        table
            .client()
            .updateItem(request ->
                request
                    .tableName(table.name())
                    .key(Table.key(account(tenant, day)))
                    .updateExpression("SET expires = :expires ADD spent :amount")
                    .conditionExpression("attribute_not_exists(spent) OR spent <= :room")
                    .expressionAttributeValues(
                        Map.of(
                            ":expires", Table.number(expires(day)),
                            ":amount", Table.number(digits(amount).toPlainString()),
                            ":room", Table.number(room.toPlainString()))));
        return true;
      } catch (ConditionalCheckFailedException e) {
        return false;
      }
    });
  }

  @Override
  public void settle(Reservation.Granted reservation, Money actual) {
    if (!limits.containsKey(reservation.tenant())) {
      return;
    }
    BigDecimal difference = digits(actual).subtract(digits(reservation.amount()));
    if (difference.signum() == 0) {
      return;
    }
    LocalDate day = day(reservation.at());
    table.calling(() ->
        table
            .client()
            .updateItem(request ->
                request
                    .tableName(table.name())
                    .key(Table.key(account(reservation.tenant(), day)))
                    .updateExpression("SET expires = :expires ADD spent :difference")
                    .expressionAttributeValues(
                        Map.of(
                            ":expires", Table.number(expires(day)),
                            ":difference", Table.number(difference.toPlainString())))));
  }

  private static BigDecimal digits(Money amount) {
    return amount.usd().setScale(DECIMALS, RoundingMode.UP).stripTrailingZeros();
  }

  private static String account(Tenant tenant, LocalDate day) {
    return tenant.name() + "/" + day;
  }

  private static String expires(LocalDate day) {
    Instant end = day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    return Long.toString(end.plus(KEPT).getEpochSecond());
  }

  private static LocalDate day(Instant moment) {
    return LocalDate.ofInstant(moment, ZoneOffset.UTC);
  }
}
