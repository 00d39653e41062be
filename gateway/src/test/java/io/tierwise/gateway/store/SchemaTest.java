package io.tierwise.gateway.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SchemaTest {
  @TempDir private Path directory;

  static IntStream releases() {
    return IntStream.rangeClosed(1, Schema.LATEST);
  }

  @ParameterizedTest
  @MethodSource("releases")
  void bringsTheStoreOfEveryReleaseUpToDateAndLosesNothing(int release) throws SQLException {
    Path file = directory.resolve(Database.FILE);
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
      Schema.upgrade(connection, file, release);
      Statements.execute(
          connection,
          "INSERT INTO audit (task, request_id, artifact, proposals, verdicts, reference_missing, at)"
              + " VALUES ('triage', 'r1', 'a1', '{}', '{}', 0, 1)");
    }
    try (Database database = Database.open(directory)) {
      assertEquals(
          List.of("r1"),
          new AuditStore(database, StoreFixture.clock())
              .rows("triage").stream().map(AuditRow::requestId).toList());
      assertEquals(
          List.of(Schema.LATEST),
          database.read(connection ->
              Statements.all(
                  connection,
                  "SELECT max(version) FROM schema_version",
                  result -> result.getInt(1))));
    }
  }
}
