package io.tierwise.aws.dynamo;

import io.tierwise.gateway.store.Alarm;
import io.tierwise.gateway.store.CertificateLog;
import io.tierwise.gateway.store.GateLog;
import io.tierwise.gateway.store.GateMove;
import io.tierwise.gateway.store.KeptCertificate;
import io.tierwise.gateway.store.TestCount;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * Gates, certificates and tests in a table. A task's {@code gate} item says where its log ends; it
 * is written over by whoever knew what it said before, together with the move it tells of, so that
 * nobody moves a gate by an old look. What a move was made of stays for good.
 */
public final class DynamoGates implements GateLog, CertificateLog, TestCount {
  private static final String GATE = "gate";
  private static final String MOVES = "move/";
  private static final String CERTIFICATES = "certificate/";
  private static final String TESTS = "tests";
  private static final String REVISION = "revision";
  private static final String SPENT = "spent";

  private final ContractTable table;

  public DynamoGates(DynamoDbClient client, String table) {
    this.table = new ContractTable(client, table);
  }

  @Override
  public Head head(String task) {
    return table
        .get(task, GATE)
        .map(fields -> {
          Alarm alarm = fields.containsKey("alarm.at") ? Alarm.of(task, fields) : null;
          long revision = Long.parseLong(Objects.requireNonNull(fields.get(REVISION)));
          return new Head(revision, GateMove.of(task, fields), alarm);
        })
        .orElseGet(() -> new Head(0, null, null));
  }

  @Override
  public boolean append(GateMove move, @Nullable Alarm alarm, long revision) {
    Alarm last = alarm == null ? head(move.task()).alarm() : alarm;
    Map<String, String> fields = new HashMap<>(move.fields());
    Map<String, String> head = new HashMap<>(fields);
    head.put(REVISION, Long.toString(revision + 1));
    if (last != null) {
      head.putAll(last.fields());
    }
    if (alarm != null) {
      fields.putAll(alarm.fields());
    }
    String place = MOVES + ContractTable.place(revision + 1);
    return table.together(
        List.of(
            TransactWriteItem.builder().put(atRevision(move.task(), head, revision)).build(),
            TransactWriteItem.builder()
                .put(ContractTable.put(table, move.task(), place, fields))
                .build()));
  }

  private Put atRevision(String task, Map<String, String> head, long revision) {
    Put.Builder put = ContractTable.put(table, task, GATE, head).toBuilder();
    return revision == 0
        ? put.conditionExpression("attribute_not_exists(revision)").build()
        : put.conditionExpression("revision = :before")
            .expressionAttributeValues(Map.of(":before", Table.text(Long.toString(revision))))
            .build();
  }

  @Override
  public List<GateMove> moves(String task) {
    return table.segment(task, MOVES, "").stream()
        .map(fields -> GateMove.of(task, fields))
        .toList();
  }

  @Override
  public void add(KeptCertificate kept) {
    table.one(
        ContractTable.put(table, kept.task(), CERTIFICATES + kept.id(), kept.fields()).toBuilder()
            .conditionExpression("attribute_not_exists(certificate)")
            .build());
  }

  @Override
  public List<KeptCertificate> of(String task) {
    return table.segment(task, CERTIFICATES, "").stream()
        .map(fields -> KeptCertificate.of(task, fields))
        .sorted(
            Comparator.comparing(KeptCertificate::at)
                .thenComparingInt(kept -> kept.certificate().testIndex()))
        .toList();
  }

  @Override
  public int spend(String task) {
    Map<String, AttributeValue> after =
        table.calling(() ->
            table
                .client()
                .updateItem(request ->
                    request
                        .tableName(table.name())
                        .key(ContractTable.key(task, TESTS))
                        .updateExpression("ADD spent :one")
                        .expressionAttributeValues(Map.of(":one", Table.number("1")))
                        .returnValues("UPDATED_NEW"))
                .attributes());
    return Integer.parseInt(Objects.requireNonNull(after.get(SPENT)).n());
  }

  @Override
  public int spent(String task) {
    return table
        .get(task, TESTS)
        .map(fields -> Integer.parseInt(Objects.requireNonNull(fields.get(SPENT))))
        .orElse(0);
  }
}
