package io.tierwise.aws.dynamo;

import io.tierwise.router.cost.Budgets;
import io.tierwise.router.cost.Claim;
import io.tierwise.router.cost.Limit;
import io.tierwise.router.cost.Measure;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Reservation;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * Limits in a table, an item for each limit and period. What is spent and set aside is one number,
 * added to under a condition, so that no two sandboxes can both take what is left. Beside it, each
 * lease is an attribute of its own: it is let go by whoever finds the limit exhausted after its
 * end. A claim under several limits takes them one after the other and gives back when one refuses.
 *
 * <p>DynamoDB counts to 38 digits; amounts are rounded up at the 24th decimal, which is against the
 * caller by less than a billionth of a billionth of a cent.
 */
public final class DynamoBudgets implements Budgets {
  private static final int DECIMALS = 24;
  private static final Duration KEPT = Duration.ofDays(2);
  private static final String LEASE = "lease-";
  private static final String TAKEN = "taken";

  private final Table table;
  private final List<Limit> limits;

  public DynamoBudgets(DynamoDbClient client, String table, List<Limit> limits) {
    this.table = new Table(client, table);
    this.limits = List.copyOf(limits);
  }

  @Override
  public Reservation reserve(Claim claim) {
    List<Limit> concerned =
        limits.stream()
            .filter(limit -> limit.concerns(claim))
            .filter(limit -> claim.asks(limit.measure()).signum() > 0)
            .sorted(
                Comparator.comparing((Limit limit) -> limit.period().end(claim.at())).reversed())
            .toList();
    String lease = LEASE + UUID.randomUUID();
    List<Limit> held = new ArrayList<>();
    boolean soft = false;
    for (Limit limit : concerned) {
      Optional<BigDecimal> taken = take(limit, claim, lease);
      if (taken.isEmpty()) {
        held.forEach(other -> giveBack(other, claim, lease));
        return new Reservation.Exhausted(limit, limit.period().end(claim.at()));
      }
      held.add(limit);
      soft |= limit.softened(taken.get());
    }
    return new Reservation.Granted(lease, claim, soft);
  }

  /** What is taken with it; empty where the limit does not leave it, also without dead leases. */
  private Optional<BigDecimal> take(Limit limit, Claim claim, String lease) {
    BigDecimal asked = digits(claim.asks(limit.measure()));
    BigDecimal room = limit.amount().subtract(asked);
    if (room.signum() < 0) {
      return Optional.empty();
    }
    Optional<BigDecimal> taken = add(limit, claim, asked, room, lease);
    return taken.isEmpty() && endLeases(limit, claim)
        ? add(limit, claim, asked, room, lease)
        : taken;
  }

  private Optional<BigDecimal> add(
      Limit limit, Claim claim, BigDecimal asked, BigDecimal room, String lease) {
    String value = asked.toPlainString() + "@" + claim.leaseEnds().toEpochMilli();
    return table.calling(() -> {
      try {
        return Optional.of(
            new BigDecimal(
                Objects.requireNonNull(
                        table
                            .client()
                            .updateItem(request ->
                                request
                                    .tableName(table.name())
                                    .key(Table.key(account(limit, claim)))
                                    .updateExpression(
                                        "SET expires = :expires, #lease = :lease ADD taken :amount")
                                    .conditionExpression(
                                        "attribute_not_exists(taken) OR taken <= :room")
                                    .expressionAttributeNames(Map.of("#lease", lease))
                                    .expressionAttributeValues(
                                        Map.of(
                                            ":expires", Table.number(expires(limit, claim)),
                                            ":lease", Table.text(value),
                                            ":amount", Table.number(asked.toPlainString()),
                                            ":room", Table.number(room.toPlainString())))
                                    .returnValues("UPDATED_NEW"))
                            .attributes()
                            .get(TAKEN))
                    .n()));
      } catch (ConditionalCheckFailedException e) {
        return Optional.empty();
      }
    });
  }

  /** Lets go what nobody settled in time; whether there was any. */
  private boolean endLeases(Limit limit, Claim claim) {
    boolean ended = false;
    Map<String, AttributeValue> item = table.get(account(limit, claim), true).orElse(Map.of());
    for (Map.Entry<String, AttributeValue> each : item.entrySet()) {
      if (each.getKey().startsWith(LEASE)) {
        String[] parts = each.getValue().s().split("@", 2);
        if (Long.parseLong(parts[1]) <= claim.at().toEpochMilli()) {
          // A request that was let in stays counted.
          BigDecimal back =
              limit.measure() == Measure.REQUESTS ? BigDecimal.ZERO : new BigDecimal(parts[0]);
          ended |= endLease(limit, claim, each.getKey(), back.negate());
        }
      }
    }
    return ended;
  }

  @Override
  public void settle(Reservation.Granted reservation, Money actual, long tokens) {
    Claim claim = reservation.claim();
    for (Limit limit : limits) {
      if (limit.concerns(claim)) {
        BigDecimal asked = digits(claim.asks(limit.measure()));
        BigDecimal used =
            switch (limit.measure()) {
              case DOLLARS -> digits(actual.usd());
              case TOKENS -> BigDecimal.valueOf(tokens);
              case REQUESTS -> asked;
            };
        if (!endLease(limit, claim, reservation.id(), used.subtract(asked))) {
          // Nothing was set aside, or it was let go: what was used is counted all the same.
          count(limit, claim, limit.measure() == Measure.REQUESTS ? BigDecimal.ZERO : used);
        }
      }
    }
  }

  private void giveBack(Limit limit, Claim claim, String lease) {
    endLease(limit, claim, lease, digits(claim.asks(limit.measure())).negate());
  }

  /** Ends a lease and corrects what is taken; false where it has ended before. */
  private boolean endLease(Limit limit, Claim claim, String lease, BigDecimal difference) {
    return table.calling(() -> {
      try {
        table
            .client()
            .updateItem(request ->
                request
                    .tableName(table.name())
                    .key(Table.key(account(limit, claim)))
                    .updateExpression("REMOVE #lease ADD taken :difference")
                    .conditionExpression("attribute_exists(#lease)")
                    .expressionAttributeNames(Map.of("#lease", lease))
                    .expressionAttributeValues(
                        Map.of(":difference", Table.number(difference.toPlainString()))));
        return true;
      } catch (ConditionalCheckFailedException e) {
        return false;
      }
    });
  }

  private void count(Limit limit, Claim claim, BigDecimal used) {
    if (used.signum() == 0) {
      return;
    }
    table.calling(() ->
        table
            .client()
            .updateItem(request ->
                request
                    .tableName(table.name())
                    .key(Table.key(account(limit, claim)))
                    .updateExpression("SET expires = :expires ADD taken :used")
                    .expressionAttributeValues(
                        Map.of(
                            ":expires", Table.number(expires(limit, claim)),
                            ":used", Table.number(used.toPlainString())))));
  }

  private static BigDecimal digits(BigDecimal amount) {
    return amount.setScale(DECIMALS, RoundingMode.UP).stripTrailingZeros();
  }

  private static String account(Limit limit, Claim claim) {
    return String.join(
        "/",
        limit.scope().text(),
        limit.measure().text(),
        limit.period().text(),
        limit.period().start(claim.at()).toString());
  }

  private static String expires(Limit limit, Claim claim) {
    Instant end = limit.period().end(claim.at());
    return Long.toString(end.plus(KEPT).getEpochSecond());
  }
}
