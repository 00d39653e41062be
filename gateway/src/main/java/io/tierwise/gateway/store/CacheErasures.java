package io.tierwise.gateway.store;

import io.tierwise.router.request.Tenant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was forgotten of the caches by whom else: who holds copies in memory follows it. */
public final class CacheErasures {
  private static final Duration KEPT = Duration.ofDays(1);

  private final Database database;
  private final Clock clock;

  public CacheErasures(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * One erasure.
   *
   * @param tenant whose answers; null for everybody's
   * @param task of which task; null for all
   */
  public record Erasure(long sequence, @Nullable Tenant tenant, @Nullable String task) {}

  public void add(@Nullable Tenant tenant, @Nullable String task) {
    database.write(
        Database.Durability.DURABLE,
        connection ->
            Statements.update(
                    connection,
                    "INSERT INTO cache_erasure (tenant, task, at) VALUES (?, ?, ?)",
                    tenant == null ? null : tenant.name(),
                    task,
                    clock.millis())
                + Statements.update(
                    connection,
                    "DELETE FROM cache_erasure WHERE at < ?",
                    clock.millis() - KEPT.toMillis()));
  }

  /** Those after one, oldest first. */
  public List<Erasure> after(long sequence) {
    return database.read(connection ->
        Statements.all(
            connection,
            "SELECT sequence, tenant, task FROM cache_erasure WHERE sequence > ? ORDER BY sequence",
            CacheErasures::erasure,
            sequence));
  }

  /** The last one's number; 0 before the first. */
  public long last() {
    return database.read(connection ->
        Statements.first(
                connection,
                "SELECT coalesce(max(sequence), 0) FROM cache_erasure",
                result -> result.getLong(1))
            .orElse(0L));
  }

  private static Erasure erasure(ResultSet result) throws SQLException {
    String tenant = result.getString(2);
    return new Erasure(
        result.getLong(1), tenant == null ? null : new Tenant(tenant), result.getString(3));
  }
}
