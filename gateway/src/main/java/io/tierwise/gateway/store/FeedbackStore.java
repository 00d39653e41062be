package io.tierwise.gateway.store;

import io.tierwise.router.request.Label;
import io.tierwise.router.request.Tenant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/** The corrections of the embedded store; they are on disk when they are kept. */
public final class FeedbackStore implements Feedback {
  private final Database database;
  private final Clock clock;

  public FeedbackStore(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
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

  @Override
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
