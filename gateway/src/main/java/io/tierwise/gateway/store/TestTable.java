package io.tierwise.gateway.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;

/** The tests of the embedded store, which survive the loss of power. */
final class TestTable implements TestCount {
  private final Database database;
  private final Clock clock;

  TestTable(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
  public int spend(String task) {
    return database.write(
        Database.Durability.DURABLE,
        connection -> {
          int next = spent(connection, task) + 1;
          Statements.update(
              connection,
              "INSERT INTO test_spent (task, test_index, at) VALUES (?, ?, ?)",
              task,
              next,
              clock.millis());
          return next;
        });
  }

  @Override
  public int spent(String task) {
    return database.read(connection -> spent(connection, task));
  }

  private static int spent(Connection connection, String task) throws SQLException {
    return Statements.first(
            connection,
            "SELECT coalesce(max(test_index), 0) FROM test_spent WHERE task = ?",
            result -> result.getInt(1),
            task)
        .orElse(0);
  }
}
