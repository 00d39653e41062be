package io.tierwise.gateway.store;

import io.tierwise.router.contract.AuditMonitor;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** The watches of the embedded store. What a loss of power takes is folded in anew. */
final class WatchTable implements WatchLog {
  private final Database database;

  WatchTable(Database database) {
    this.database = database;
  }

  @Override
  public Optional<Watch> watch(String task, String certificate) {
    return database.read(connection -> watch(connection, task, certificate));
  }

  @Override
  public boolean advance(String task, String certificate, long from, Watch watch) {
    return database.write(
        Database.Durability.RELAXED,
        connection -> {
          long last = watch(connection, task, certificate).map(Watch::lastAudit).orElse(0L);
          if (last != from) {
            return false;
          }
          keep(connection, task, certificate, watch);
          return true;
        });
  }

  private static void keep(Connection connection, String task, String certificate, Watch watch)
      throws SQLException {
    AuditMonitor monitor = watch.monitor();
    Statements.update(
        connection,
        "INSERT OR REPLACE INTO watch (task, certificate, audits, bet, recent_risk, rang, answered,"
            + " lost, repeated, contradicted, last_audit) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        task,
        certificate,
        monitor.audits(),
        monitor.bet(),
        monitor.recentRisk(),
        monitor.rang() ? 1 : 0,
        watch.answered(),
        watch.lost(),
        watch.repeated(),
        watch.contradicted(),
        watch.lastAudit());
  }

  private static Optional<Watch> watch(Connection connection, String task, String certificate)
      throws SQLException {
    return Statements.first(
        connection,
        "SELECT epsilon, delta, audits, bet, recent_risk, rang, answered, lost, repeated,"
            + " contradicted, last_audit FROM watch JOIN certificate ON certificate.id = certificate"
            + " WHERE watch.task = ? AND certificate = ?",
        WatchTable::row,
        task,
        certificate);
  }

  private static Watch row(ResultSet result) throws SQLException {
    return new Watch(
        new AuditMonitor(
            result.getDouble(1),
            result.getDouble(2),
            result.getLong(3),
            result.getDouble(4),
            result.getDouble(5),
            result.getInt(6) != 0),
        result.getLong(7),
        result.getLong(8),
        result.getLong(9),
        result.getLong(10),
        result.getLong(11));
  }
}
