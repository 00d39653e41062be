package io.tierwise.aws.dynamo;

import io.tierwise.gateway.store.AuditClaims;
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
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.Update;

/**
 * The audits in a table: an item for each, under what it speaks for, in a place that the task's
 * counter gives; and one for each request, so that an audit is kept once. All three are written
 * together, and what the audit has cost with them. Until then the request's item says who asks the
 * large model for it. DynamoDB counts to 38 digits; spending is rounded up at the 24th decimal.
 */
public final class DynamoAudits implements AuditLog, AuditHistory, AuditClaims {
  private static final int DECIMALS = 24;

  /** Against other writers of the same task, of whom one is ahead every time. */
  private static final int MOST_TRIES = 200;

  private static final String AUDITS = "audit/";
  private static final String COUNTER = "audits";
  private static final String REQUESTS = "request/";
  private static final String SPENDING = "spending/";
  private static final String REPEATS = "repeat/";

  /** Of a request's item: the place of its audit, and what its call has come to. */
  private static final String AUDIT = "audit";

  private static final String RECEIPTS = "receipts";
  private static final String ANSWER = "answer";

  private final ContractTable table;
  private final Clock clock;

  public DynamoAudits(DynamoDbClient client, String table, Clock clock) {
    this.table = new ContractTable(client, table);
    this.clock = clock;
  }

  private static String segment(AuditScope scope) {
    return switch (scope) {
      case AuditScope.Under under -> AUDITS + "under/" + under.certificate() + "/";
      case AuditScope.Shadow shadow -> AUDITS + "shadow/" + shadow.artifact() + "/";
    };
  }

  @Override
  public boolean keep(String task, AuditRow row, Money cost) {
    boolean first = keepOnce(task, row, cost);
    if (!first && cost.compareTo(Money.ZERO) > 0) {
      charge(task, cost);
    }
    return first;
  }

  private boolean keepOnce(String task, AuditRow row, Money cost) {
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      long last =
          table
              .get(task, COUNTER)
              .map(fields -> Long.parseLong(Objects.requireNonNull(fields.get("count"))))
              .orElse(0L);
      if (table.together(writes(task, row, cost, last))) {
        return true;
      }
      if (holds(task, row.requestId())) {
        return false;
      }
    }
    throw StoreException.outside(
        table.name(), new IllegalStateException("other audits of " + task + " are always faster"));
  }

  private List<TransactWriteItem> writes(String task, AuditRow row, Money cost, long last) {
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
    List<TransactWriteItem> writes = new ArrayList<>();
    writes.add(
        TransactWriteItem.builder()
            .put(
                ContractTable.put(table, task, REQUESTS + row.requestId(), Map.of(AUDIT, place))
                    .toBuilder()
                    .conditionExpression("attribute_not_exists(audit)")
                    .build())
            .build());
    writes.add(TransactWriteItem.builder().update(counter.build()).build());
    writes.add(
        TransactWriteItem.builder().put(ContractTable.put(table, task, place, fields)).build());
    if (cost.compareTo(Money.ZERO) > 0) {
      writes.add(TransactWriteItem.builder().update(spending(task, cost)).build());
    }
    return writes;
  }

  @Override
  public boolean holds(String task, String requestId) {
    return table
        .get(task, REQUESTS + requestId)
        .filter(fields -> fields.containsKey(AUDIT))
        .isPresent();
  }

  @Override
  public Claim claim(String task, String requestId, Duration lease) {
    long now = clock.millis();
    return table.calling(() -> {
      try {
        Map<String, AttributeValue> after =
            table
                .client()
                .updateItem(request ->
                    request
                        .tableName(table.name())
                        .key(ContractTable.key(task, REQUESTS + requestId))
                        .updateExpression("SET claimedUntil = :until ADD begun :one")
                        .conditionExpression(
                            "attribute_not_exists(audit) AND attribute_not_exists(receipts) AND"
                                + " (attribute_not_exists(claimedUntil) OR claimedUntil <= :now)")
                        .expressionAttributeValues(
                            Map.of(
                                ":until", Table.number(Long.toString(now + lease.toMillis())),
                                ":now", Table.number(Long.toString(now)),
                                ":one", Table.number("1")))
                        .returnValues(ReturnValue.UPDATED_NEW)
                        .returnValuesOnConditionCheckFailure(
                            ReturnValuesOnConditionCheckFailure.ALL_OLD))
                .attributes();
        return new Claim.Granted(
            Integer.parseInt(Objects.requireNonNull(after.get("begun")).n()) - 1);
      } catch (ConditionalCheckFailedException e) {
        return refused(ContractTable.texts(e.item()));
      }
    });
  }

  private static Claim refused(Map<String, String> request) {
    if (request.containsKey(AUDIT)) {
      return new Claim.Kept();
    }
    String receipts = request.get(RECEIPTS);
    return receipts == null
        ? new Claim.Elsewhere()
        : new Claim.Made(new Answered(request.get(ANSWER), receipts));
  }

  @Override
  public void answered(String task, String requestId, Answered answer) {
    Map<String, AttributeValue> values = new HashMap<>();
    values.put(":receipts", Table.text(answer.receipts()));
    if (answer.reference() != null) {
      values.put(":answer", Table.text(answer.reference()));
    }
    change(
        task,
        requestId,
        answer.reference() == null
            ? "SET receipts = :receipts"
            : "SET receipts = :receipts, answer = :answer",
        values);
  }

  @Override
  public void release(String task, String requestId) {
    change(
        task,
        requestId,
        "REMOVE claimedUntil ADD begun :less",
        Map.of(":less", Table.number("-1")));
  }

  private void change(
      String task, String requestId, String update, Map<String, AttributeValue> values) {
    table.calling(() ->
        table
            .client()
            .updateItem(request ->
                request
                    .tableName(table.name())
                    .key(ContractTable.key(task, REQUESTS + requestId))
                    .updateExpression(update)
                    .expressionAttributeValues(values)));
  }

  @Override
  public void charge(String task, Money cost) {
    Update spending = spending(task, cost);
    table.calling(() ->
        table
            .client()
            .updateItem(request ->
                request
                    .tableName(spending.tableName())
                    .key(spending.key())
                    .updateExpression(spending.updateExpression())
                    .expressionAttributeValues(spending.expressionAttributeValues())));
  }

  private Update spending(String task, Money cost) {
    BigDecimal usd = cost.usd().setScale(DECIMALS, RoundingMode.UP).stripTrailingZeros();
    return Update.builder()
        .tableName(table.name())
        .key(ContractTable.key(task, SPENDING + today()))
        .updateExpression("ADD usd :usd, audits :one")
        .expressionAttributeValues(
            Map.of(":usd", Table.number(usd.toPlainString()), ":one", Table.number("1")))
        .build();
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
  public List<AuditRow> rows(String task) {
    return table.segment(task, AUDITS, "").stream()
        .map(DynamoAudits::logged)
        .sorted(Comparator.comparingLong(Logged::place))
        .map(Logged::row)
        .toList();
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
