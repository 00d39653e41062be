package io.tierwise.gateway.store;

import io.tierwise.router.drift.DriftKind;
import io.tierwise.router.request.Label;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The watch for drifts by name, and what it has heard, in the embedded store. Each audit is folded
 * in once, by whichever process comes first, in the transaction that keeps what it has heard.
 */
public final class DriftStore {
  private final Database database;
  private final AuditStore audits;
  private final Clock clock;

  public DriftStore(Database database, Clock clock) {
    this.database = database;
    this.audits = new AuditStore(database, clock);
    this.clock = clock;
  }

  /**
   * Folds in the audits not yet seen.
   *
   * @param labels of the task
   * @param live the live student's version; null for none
   * @return what this very look has heard
   */
  public List<NamedDrift> look(String task, List<Label> labels, @Nullable String live) {
    while (true) {
      Optional<DriftWatch> known = watch(task);
      DriftWatch before = known.orElseGet(() -> DriftWatch.starting(labels));
      List<AuditHistory.Logged> unseen = audits.since(task, before.lastAudit());
      if (unseen.isEmpty()) {
        return List.of();
      }
      DriftWatch watch = before.following(labels, live);
      List<NamedDrift> heard = new ArrayList<>();
      for (AuditHistory.Logged logged : unseen) {
        DriftWatch.Observed observed = watch.observe(logged.row(), logged.place());
        watch = observed.watch();
        observed
            .heard()
            .forEach(each ->
                heard.add(new NamedDrift(task, each.kind(), each.detail(), clock.instant())));
      }
      if (advance(task, before.lastAudit(), watch, heard)) {
        return heard;
      }
    }
  }

  /** What the audits have shown; empty before the first was folded in. */
  public Optional<DriftWatch> watch(String task) {
    return database.read(connection ->
        Statements.first(
            connection,
            "SELECT state FROM drift_watch WHERE task = ?",
            result -> StoredDrift.watch(result.getString(1)),
            task));
  }

  /** The last drifts that were heard, the newest first. */
  public List<NamedDrift> last(String task, int most) {
    return database.read(connection ->
        Statements.all(
            connection,
            "SELECT task, kind, detail, at FROM drift WHERE task = ? ORDER BY sequence DESC LIMIT"
                + " ?",
            DriftStore::row,
            task,
            most));
  }

  private boolean advance(String task, long from, DriftWatch watch, List<NamedDrift> heard) {
    return database.write(
        heard.isEmpty() ? Database.Durability.RELAXED : Database.Durability.DURABLE,
        connection -> {
          long last =
              Statements.first(
                      connection,
                      "SELECT last_audit FROM drift_watch WHERE task = ?",
                      result -> result.getLong(1),
                      task)
                  .orElse(0L);
          if (last != from) {
            return false;
          }
          Statements.update(
              connection,
              "INSERT OR REPLACE INTO drift_watch (task, last_audit, state) VALUES (?, ?, ?)",
              task,
              watch.lastAudit(),
              StoredDrift.text(watch));
          for (NamedDrift each : heard) {
            insert(connection, each);
          }
          return true;
        });
  }

  static void insert(Connection connection, NamedDrift drift) throws SQLException {
    Statements.update(
        connection,
        "INSERT INTO drift (task, kind, detail, at) VALUES (?, ?, ?, ?)",
        drift.task(),
        drift.kind().text(),
        drift.detail(),
        drift.at().toEpochMilli());
  }

  private static NamedDrift row(ResultSet result) throws SQLException {
    return new NamedDrift(
        result.getString(1),
        DriftKind.valueOf(result.getString(2).toUpperCase(Locale.ROOT).replace('-', '_')),
        result.getString(3),
        Instant.ofEpochMilli(result.getLong(4)));
  }
}
