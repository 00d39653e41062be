package io.tierwise.gateway.store;

import io.tierwise.router.request.Label;
import io.tierwise.router.request.Tenant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Humans' corrections, one per request: the last word counts. Whether the tenant ever made such a
 * request is for the reader to see, who has the ledger beside it.
 */
public final class FeedbackStore {
  private final Database database;
  private final Clock clock;

  public FeedbackStore(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /** Keeps a correction, in the place of an earlier one of the same request. */
  public void keep(Tenant tenant, String requestId, Label label) {
    keep(tenant, requestId, label, null, null);
  }

  /**
   * @param task that answered
   * @param given what it answered; null where that is not known any more
   */
  public void keep(
      Tenant tenant, String requestId, Label label, @Nullable String task, @Nullable Label given) {
    database.write(
        Database.Durability.DURABLE,
        connection ->
            Statements.update(
                connection,
                "INSERT INTO feedback (tenant, request_id, label, at, task, given)"
                    + " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (tenant, request_id)"
                    + " DO UPDATE SET label = excluded.label, at = excluded.at,"
                    + " given = coalesce(excluded.given, given)",
                tenant.name(),
                requestId,
                label.value(),
                clock.millis(),
                task,
                given == null ? null : given.value()));
  }

  /**
   * How often a task's answers were right, of those that callers chose to say something about. Who
   * speaks up is no fair sample: this is for watching, and certifies nothing.
   */
  public Accuracy volunteered(String task) {
    return database
        .read(connection ->
            Statements.first(
                connection,
                "SELECT count(*), coalesce(sum(label = given), 0) FROM feedback"
                    + " WHERE task = ? AND given IS NOT NULL",
                result -> new Accuracy(result.getInt(1), result.getInt(2)),
                task))
        .orElse(new Accuracy(0, 0));
  }

  /** Every correction, in the order of the requests they are about. */
  public List<FeedbackRow> rows() {
    return database.read(connection ->
        Statements.all(
            connection,
            "SELECT tenant, request_id, label, at FROM feedback ORDER BY request_id, tenant",
            FeedbackStore::row));
  }

  private static FeedbackRow row(ResultSet result) throws SQLException {
    return new FeedbackRow(
        new Tenant(result.getString(1)),
        result.getString(2),
        new Label(result.getString(3)),
        Instant.ofEpochMilli(result.getLong(4)));
  }
}
