package io.tierwise.gateway.store;

import io.tierwise.router.cost.Money;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

/**
 * The audits of the embedded store. One leaves the spool in the transaction that keeps its outcome.
 */
public final class AuditStore implements AuditLog, AuditHistory {
  private static final String SELECT =
      "SELECT request_id, artifact, certificate, proposals, verdicts, reference_missing, sequence,"
          + " at, reference FROM audit WHERE task = ? AND ";

  private final Database database;
  private final Clock clock;

  public AuditStore(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
  public boolean keep(String task, AuditRow row, Money cost) {
    return database.write(
        Database.Durability.RELAXED,
        connection -> {
          if (cost.compareTo(Money.ZERO) > 0) {
            charge(connection, task, cost);
          }
          AuditSpool.remove(connection, task, row.requestId());
          return insert(connection, task, row) > 0;
        });
  }

  private int insert(Connection connection, String task, AuditRow row) throws SQLException {
    return Statements.update(
        connection,
        "INSERT INTO audit (task, request_id, artifact, certificate, proposals, verdicts,"
            + " reference_missing, at, reference) SELECT ?, ?, ?, ?, ?, ?, ?, ?, ? WHERE NOT EXISTS"
            + " (SELECT 1 FROM audit WHERE task = ? AND request_id = ?)",
        task,
        row.requestId(),
        row.artifact(),
        row.certificate(),
        StoredJson.proposals(row.proposals()),
        StoredJson.verdicts(row.verdicts()),
        row.referenceMissing() ? 1 : 0,
        clock.millis(),
        row.reference() == null ? null : row.reference().value(),
        task,
        row.requestId());
  }

  @Override
  public AuditSpending spentToday(String task) {
    return database.read(connection -> spending(connection, task));
  }

  @Override
  public void keepRepeat(String task, String requestId, boolean agrees) {
    database.write(
        Database.Durability.RELAXED,
        connection ->
            Statements.update(
                connection,
                "INSERT OR REPLACE INTO audit_repeat (task, request_id, agrees, at)"
                    + " VALUES (?, ?, ?, ?)",
                task,
                requestId,
                agrees ? 1 : 0,
                clock.millis()));
  }

  @Override
  public Repeats repeats(String task) {
    return database
        .read(connection ->
            Statements.first(
                connection,
                "SELECT count(*), coalesce(sum(1 - agrees), 0) FROM audit_repeat WHERE task = ?",
                result -> new Repeats(result.getInt(1), result.getInt(2)),
                task))
        .orElse(new Repeats(0, 0));
  }

  @Override
  public void charge(String task, Money cost) {
    database.write(
        Database.Durability.RELAXED,
        connection -> {
          charge(connection, task, cost);
          return true;
        });
  }

  private void charge(Connection connection, String task, Money cost) throws SQLException {
    AuditSpending spending = spending(connection, task).plus(cost);
    Statements.update(
        connection,
        "INSERT OR REPLACE INTO audit_spending (task, day, usd, audits) VALUES (?, ?, ?, ?)",
        task,
        spending.day().toString(),
        spending.spent().usd().toPlainString(),
        spending.audits());
  }

  private AuditSpending spending(Connection connection, String task) throws SQLException {
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    return Statements.first(
            connection,
            "SELECT usd, audits FROM audit_spending WHERE task = ? AND day = ?",
            result -> new AuditSpending(today, Money.of(result.getString(1)), result.getLong(2)),
            task,
            today.toString())
        .orElseGet(() -> AuditSpending.none(today));
  }

  @Override
  public boolean holds(String task, String requestId) {
    return database.read(connection ->
        Statements.first(
                connection,
                "SELECT 1 FROM audit WHERE task = ? AND request_id = ? LIMIT 1",
                result -> result.getInt(1),
                task,
                requestId)
            .isPresent());
  }

  @Override
  public List<AuditRow> rows(String task) {
    return database.read(connection ->
        Statements.all(connection, SELECT + "TRUE ORDER BY sequence", AuditStore::row, task));
  }

  /** A task's audits from a place on, in their order, whatever they speak for. */
  List<Logged> since(String task, long after) {
    return database.read(connection ->
        Statements.all(
            connection,
            SELECT + "sequence > ? ORDER BY sequence",
            AuditStore::logged,
            task,
            after));
  }

  @Override
  public List<Logged> of(String task, AuditScope scope, long after) {
    Which which = Which.of(scope);
    return database.read(connection ->
        Statements.all(
            connection,
            SELECT + which.condition() + " AND sequence > ? ORDER BY sequence",
            AuditStore::logged,
            task,
            which.value(),
            after));
  }

  @Override
  public List<AuditRow> recent(String task, AuditScope scope, Instant since, int most) {
    Which which = Which.of(scope);
    return database.read(connection ->
        Statements.all(
            connection,
            SELECT + which.condition() + " AND at >= ? ORDER BY sequence DESC LIMIT ?",
            AuditStore::row,
            task,
            which.value(),
            since.toEpochMilli(),
            most));
  }

  private record Which(String condition, String value) {
    static Which of(AuditScope scope) {
      return switch (scope) {
        case AuditScope.Under under -> new Which("certificate = ?", under.certificate());
        case AuditScope.Shadow shadow ->
            new Which("certificate IS NULL AND coalesce(artifact, '') = ?", shadow.artifact());
      };
    }
  }

  private static Logged logged(ResultSet result) throws SQLException {
    return new Logged(result.getLong(7), Instant.ofEpochMilli(result.getLong(8)), row(result));
  }

  private static AuditRow row(ResultSet result) throws SQLException {
    return new AuditRow(
        result.getString(1),
        result.getString(2),
        result.getString(3),
        StoredJson.proposals(result.getString(4)),
        StoredJson.verdicts(result.getString(5)),
        result.getInt(6) != 0,
        AuditRow.label(result.getString(9)));
  }
}
