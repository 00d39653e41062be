package io.tierwise.gateway.store;

import io.tierwise.router.request.Label;
import io.tierwise.router.request.Tenant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

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
    database.write(
        Database.Durability.DURABLE,
        connection ->
            Statements.update(
                connection,
                "INSERT INTO feedback (tenant, request_id, label, at) VALUES (?, ?, ?, ?)"
                    + " ON CONFLICT (tenant, request_id)"
                    + " DO UPDATE SET label = excluded.label, at = excluded.at",
                tenant.name(),
                requestId,
                label.value(),
                clock.millis()));
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
