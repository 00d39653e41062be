package io.tierwise.gateway.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/** The rows of the table {@code alarm}. */
final class Alarms {
  private Alarms() {}

  static void insert(Connection connection, Alarm alarm) throws SQLException {
    Statements.update(
        connection,
        "INSERT INTO alarm (task, certificate, evidence, audits, lost, at)"
            + " VALUES (?, ?, ?, ?, ?, ?)",
        alarm.task(),
        alarm.certificate(),
        alarm.evidence(),
        alarm.audits(),
        alarm.lost(),
        alarm.at().toEpochMilli());
  }

  static Optional<Alarm> last(Connection connection, String task) throws SQLException {
    return Statements.first(
        connection,
        "SELECT task, certificate, evidence, audits, lost, at FROM alarm WHERE task = ?"
            + " ORDER BY sequence DESC LIMIT 1",
        result ->
            new Alarm(
                result.getString(1),
                result.getString(2),
                result.getDouble(3),
                result.getLong(4),
                result.getLong(5),
                Instant.ofEpochMilli(result.getLong(6))),
        task);
  }
}
