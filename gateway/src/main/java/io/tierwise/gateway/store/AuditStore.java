package io.tierwise.gateway.store;

import io.tierwise.router.contract.Verdict;
import io.tierwise.router.cost.Money;
import io.tierwise.router.policy.AcceptanceRates;
import io.tierwise.router.tier.TierName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Every task's audits, in the order in which they came. */
public final class AuditStore {
  private static final String SELECT =
      "SELECT request_id, artifact, certificate, proposals, verdicts, reference_missing FROM audit"
          + " WHERE task = ?";

  private final Database database;
  private final Clock clock;

  public AuditStore(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * Keeps an audit, once for each request, and takes it out of the spool.
   *
   * @param cost what asking the large model has cost; charged whether or not the audit is new
   * @return false when the request's audit was kept before, so that this one changes nothing else
   */
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
            + " reference_missing, at) SELECT ?, ?, ?, ?, ?, ?, ?, ? WHERE NOT EXISTS"
            + " (SELECT 1 FROM audit WHERE task = ? AND request_id = ?)",
        task,
        row.requestId(),
        row.artifact(),
        row.certificate(),
        StoredJson.proposals(row.proposals()),
        StoredJson.verdicts(row.verdicts()),
        row.referenceMissing() ? 1 : 0,
        clock.millis(),
        task,
        row.requestId());
  }

  /** What a task's audits have cost today. */
  public AuditSpending spentToday(String task) {
    return database.read(connection -> spending(connection, task));
  }

  /** What asking the large model the same twice has shown. */
  public record Repeats(int asked, int differed) {}

  /** Keeps whether the large model said the same to a request when asked again. */
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

  /** How often the large model contradicted itself, since ever. */
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

  /** Charges a call that no audit came of. */
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

  /** Whether a request's audit was kept before. */
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

  /** All audits of a task, oldest first. */
  public List<AuditRow> rows(String task) {
    return database.read(connection ->
        Statements.all(connection, SELECT + " ORDER BY sequence", AuditStore::row, task));
  }

  /**
   * How often each cheap tier's candidate was accepted, or would have been, in the task's last
   * audits since the gate was moved, for what it accepted before says nothing about now. A tier
   * that none of them tried is not among the rates. One audit that accepted is counted beforehand,
   * so that few audits neither put a tier out of use nor ever show a rate of 0.
   */
  public AcceptanceRates rates(String task, Instant since, int last) {
    List<AuditRow> recent =
        database.read(connection ->
            Statements.all(
                connection,
                SELECT + " AND at >= ? ORDER BY sequence DESC LIMIT ?",
                AuditStore::row,
                task,
                since.toEpochMilli(),
                last));
    Tally tally = Tally.of(recent);
    Map<TierName, Double> rates = new EnumMap<>(TierName.class);
    tally
        .tried()
        .forEach((tier, count) -> rates.put(tier, (tally.accepted(tier) + 1.0) / (count + 1.0)));
    return new AcceptanceRates(rates);
  }

  /** In how many audits each tier was tried, and accepted. */
  private record Tally(Map<TierName, Integer> tried, Map<TierName, Integer> passed) {
    static Tally of(List<AuditRow> rows) {
      Tally tally = new Tally(new EnumMap<>(TierName.class), new EnumMap<>(TierName.class));
      for (AuditRow row : rows) {
        row.verdicts()
            .forEach((tier, verdict) -> {
              tally.tried.merge(tier, 1, Integer::sum);
              tally.passed.merge(tier, passes(verdict) ? 1 : 0, Integer::sum);
            });
      }
      return tally;
    }

    int accepted(TierName tier) {
      return passed.getOrDefault(tier, 0);
    }
  }

  private static boolean passes(Verdict verdict) {
    return switch (verdict) {
      case ACCEPTED, WOULD_ACCEPT -> true;
      case PASSED_ON, NO_CANDIDATE -> false;
    };
  }

  /** An audit with its place in the log. */
  record Logged(long sequence, AuditRow row) {}

  /** The audits of requests that met the gate open under a certificate, from a place on. */
  static List<Logged> under(Connection connection, String task, String certificate, long after)
      throws SQLException {
    return Statements.all(
        connection,
        "SELECT request_id, artifact, certificate, proposals, verdicts, reference_missing, sequence"
            + " FROM audit WHERE task = ? AND certificate = ? AND sequence > ? ORDER BY sequence",
        result -> new Logged(result.getLong(7), row(result)),
        task,
        certificate,
        after);
  }

  /** The place of the last of them; 0 where there is none. */
  static long lastUnder(Connection connection, String task, String certificate)
      throws SQLException {
    return Statements.first(
            connection,
            "SELECT coalesce(max(sequence), 0) FROM audit WHERE task = ? AND certificate = ?",
            result -> result.getLong(1),
            task,
            certificate)
        .orElse(0L);
  }

  private static AuditRow row(ResultSet result) throws SQLException {
    return new AuditRow(
        result.getString(1),
        result.getString(2),
        result.getString(3),
        StoredJson.proposals(result.getString(4)),
        StoredJson.verdicts(result.getString(5)),
        result.getInt(6) != 0);
  }
}
