package io.tierwise.aws.dynamo;

import io.tierwise.gateway.store.AuditHistory;
import io.tierwise.gateway.store.AuditLog;
import io.tierwise.gateway.store.AuditRow;
import io.tierwise.gateway.store.AuditScope;
import io.tierwise.gateway.store.AuditSpending;
import io.tierwise.gateway.store.StoreException;
import io.tierwise.router.cost.Money;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.Update;

/**
 * The audits in a table: an item for each, under what it speaks for, in a place that the task's
 * counter gives; and one for each request, so that an audit is kept once. All three are written
 * together. DynamoDB counts to 38 digits; spending is rounded up at the 24th decimal.
 */
public final class DynamoAudits implements AuditLog, AuditHistory {
  private static final int DECIMALS = 24;

  /** Against other writers of the same task, of whom one is ahead every time. */
  private static final int MOST_TRIES = 200;

  private static final String COUNTER = "audits";
  private static final String REQUESTS = "request/";
  private static final String SPENDING = "spending/";
  private static final String REPEATS = "repeat/";

  private final ContractTable table;
  private final Clock clock;

  public DynamoAudits(DynamoDbClient client, String table, Clock clock) {
    this.table = new ContractTable(client, table);
    this.clock = clock;
  }

  private static String segment(AuditScope scope) {
    return switch (scope) {
      case AuditScope.Under under -> "audit/under/" + under.certificate() + "/";
      case AuditScope.Shadow shadow -> "audit/shadow/" + shadow.artifact() + "/";
    };
  }

  @Override
  public boolean keep(String task, AuditRow row, Money cost) {
    boolean first = keepOnce(task, row);
    if (cost.compareTo(Money.ZERO) > 0) {
      charge(task, cost);
    }
    return first;
  }

  private boolean keepOnce(String task, AuditRow row) {
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      long last =
          table
              .get(task, COUNTER)
              .map(fields -> Long.parseLong(Objects.requireNonNull(fields.get("count"))))
              .orElse(0L);
      if (table.together(writes(task, row, last))) {
        return true;
      }
      if (holds(task, row.requestId())) {
        return false;
      }
    }
    throw StoreException.outside(
        table.name(), new IllegalStateException("other audits of " + task + " are always faster"));
  }

  private List<TransactWriteItem> writes(String task, AuditRow row, long last) {
    Map<String, String> fields = new HashMap<>(row.fields());
    fields.put("at", clock.instant().toString());
    String place = segment(row.scope()) + ContractTable.place(last + 1);
    Update.Builder counter =
        Update.builder()
            .tableName(table.name())
            .key(ContractTable.key(task, COUNTER))
            .updateExpression("SET #count = :next")
            .expressionAttributeNames(Map.of("#count", "count"));
    if (last == 0) {
      counter
          .conditionExpression("attribute_not_exists(#count)")
          .expressionAttributeValues(Map.of(":next", Table.number("1")));
    } else {
      counter
          .conditionExpression("#count = :last")
          .expressionAttributeValues(
              Map.of(
                  ":last", Table.number(Long.toString(last)),
                  ":next", Table.number(Long.toString(last + 1))));
    }
    return List.of(
        TransactWriteItem.builder()
            .put(
                ContractTable.put(table, task, REQUESTS + row.requestId(), Map.of("audit", place))
                    .toBuilder()
                    .conditionExpression("attribute_not_exists(audit)")
                    .build())
            .build(),
        TransactWriteItem.builder().update(counter.build()).build(),
        TransactWriteItem.builder().put(ContractTable.put(table, task, place, fields)).build());
  }

  @Override
  public boolean holds(String task, String requestId) {
    return table.get(task, REQUESTS + requestId).isPresent();
  }

  @Override
  public void charge(String task, Money cost) {
    BigDecimal usd = cost.usd().setScale(DECIMALS, RoundingMode.UP).stripTrailingZeros();
    table.calling(() ->
        table
            .client()
            .updateItem(request ->
                request
                    .tableName(table.name())
                    .key(ContractTable.key(task, SPENDING + today()))
                    .updateExpression("ADD usd :usd, audits :one")
                    .expressionAttributeValues(
                        Map.of(
                            ":usd", Table.number(usd.toPlainString()),
                            ":one", Table.number("1")))));
  }

  @Override
  public AuditSpending spentToday(String task) {
    LocalDate today = today();
    return table
        .get(task, SPENDING + today)
        .map(fields ->
            new AuditSpending(
                today,
                Money.of(Objects.requireNonNull(fields.get("usd"))),
                Long.parseLong(Objects.requireNonNull(fields.get("audits")))))
        .orElseGet(() -> new AuditSpending(today, Money.ZERO, 0));
  }

  @Override
  public void keepRepeat(String task, String requestId, boolean agrees) {
    table.calling(() ->
        table
            .client()
            .putItem(request ->
                request
                    .tableName(table.name())
                    .item(
                        ContractTable.put(
                                table,
                                task,
                                REPEATS + requestId,
                                Map.of("agrees", Boolean.toString(agrees)))
                            .item())));
  }

  @Override
  public Repeats repeats(String task) {
    List<Map<String, String>> asked = table.segment(task, REPEATS, "");
    long agreed = asked.stream().filter(fields -> "true".equals(fields.get("agrees"))).count();
    return new Repeats(asked.size(), asked.size() - (int) agreed);
  }

  private LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
  }

  @Override
  public List<Logged> of(String task, AuditScope scope, long after) {
    String from = after == 0 ? "" : ContractTable.place(after);
    return table.segment(task, segment(scope), from).stream().map(DynamoAudits::logged).toList();
  }

  @Override
  public List<AuditRow> recent(String task, AuditScope scope, Instant since, int most) {
    return table.last(task, segment(scope), most).stream()
        .map(DynamoAudits::logged)
        .filter(logged -> !logged.at().isBefore(since))
        .map(Logged::row)
        .toList();
  }

  private static Logged logged(Map<String, String> fields) {
    return new Logged(
        ContractTable.number(Objects.requireNonNull(fields.get("item"))),
        Instant.parse(Objects.requireNonNull(fields.get("at"))),
        AuditRow.of(fields));
  }
}
