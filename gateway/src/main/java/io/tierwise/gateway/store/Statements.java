package io.tierwise.gateway.store;

import io.tierwise.router.request.Tenant;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The few ways in which the stores use JDBC. */
final class Statements {
  private Statements() {}

  /** Makes a value of the current row. */
  @FunctionalInterface
  interface Row<T> {
    T of(ResultSet result) throws SQLException;
  }

  static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /**
   * @return how many rows were changed
   */
  static int update(Connection connection, String sql, @Nullable Object... parameters)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, parameters);
      return statement.executeUpdate();
    }
  }

  /**
   * Deletes the rows of a table that are a tenant's, a task's, or both's; what is null means all.
   *
   * @return how many there were
   */
  static int deleteOf(
      Connection connection, String table, @Nullable Tenant tenant, @Nullable String task)
      throws SQLException {
    String whose = tenant == null ? null : tenant.name();
    return update(
        connection,
        "DELETE FROM " + table + " WHERE (? IS NULL OR tenant = ?) AND (? IS NULL OR task = ?)",
        whose,
        whose,
        task,
        task);
  }

  static <T> List<T> all(
      Connection connection, String sql, Row<T> row, @Nullable Object... parameters)
      throws SQLException {
    List<T> found = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, parameters);
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          found.add(row.of(result));
        }
      }
    }
    return found;
  }

  static <T> Optional<T> first(
      Connection connection, String sql, Row<T> row, @Nullable Object... parameters)
      throws SQLException {
    return all(connection, sql, row, parameters).stream().findFirst();
  }

  private static void bind(PreparedStatement statement, @Nullable Object... parameters)
      throws SQLException {
    for (int i = 0; i < parameters.length; i++) {
      statement.setObject(i + 1, parameters[i]);
    }
  }
}
