package io.tierwise.gateway.store;

import io.tierwise.router.request.Label;
import io.tierwise.router.request.Tenant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The corrections of the embedded store; they are on disk when they are kept. */
public final class FeedbackStore implements Feedback {
  private final Database database;
  private final Clock clock;

  public FeedbackStore(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
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

  @Override
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
