package io.tierwise.gateway.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.tierwise.gateway.store.StoreException.Trouble;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {
  @TempDir private Path directory;

  @Test
  void keepsWhatWasWrittenAcrossRestarts() {
    IssuedKey key;
    try (Database database = Database.open(directory)) {
      key = keys(database).add(StoreFixture.ACME, "first");
    }
    try (Database database = Database.open(directory)) {
      assertEquals(StoreFixture.ACME, keys(database).authenticate(key.secretKey()).orElseThrow());
    }
  }

  @Test
  void makesTheDataDirectory() {
    Path deep = directory.resolve("a/b");
    Database.open(deep).close();
    assertTrue(Files.exists(deep.resolve("tierwise.db")));
  }

  @Test
  void opensManyTimesAtOnceOnAFreshDirectory() throws Exception {
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> openings = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        openings.add(
            executor.submit(() -> {
              try (Database database = Database.open(directory)) {
                keys(database).add(StoreFixture.ACME, "one of eight");
              }
            }));
      }
      for (Future<?> opening : openings) {
        opening.get();
      }
    }
    try (Database database = Database.open(directory)) {
      assertEquals(8, keys(database).list().size());
    }
  }

  @Test
  void refusesAFileThatIsNoDatabase() throws IOException {
    Path file = Files.writeString(directory.resolve("tierwise.db"), "x".repeat(10_000));

    StoreException exception = refusal(directory);

    assertEquals(Trouble.CORRUPT, exception.trouble());
    assertEquals(
        file
            + ": it is no database, or it is damaged ([SQLITE_NOTADB] File opened that is not a"
            + " database file (file is not a database)); restore it from a backup, or move it away",
        exception.getMessage());
    assertEquals("x".repeat(10_000), Files.readString(file));
  }

  @Test
  void saysSoWhenItIsDamaged() throws IOException {
    try (Database database = Database.open(directory)) {
      for (int i = 0; i < 200; i++) {
        keys(database).add(StoreFixture.ACME, "note ".repeat(100));
      }
    }
    try (RandomAccessFile file =
        new RandomAccessFile(directory.resolve("tierwise.db").toFile(), "rw")) {
      for (long at = 8_192; at < file.length(); at += 512) {
        file.seek(at);
        file.write("damage".repeat(50).getBytes(UTF_8));
      }
    }
    StoreException exception =
        assertThrows(
            StoreException.class,
            () -> {
              try (Database database = Database.open(directory)) {
                keys(database).list();
              }
            });
    assertEquals(Trouble.CORRUPT, exception.trouble());
  }

  @Test
  void refusesADirectoryThatIsAFile() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "no directory");
    assertEquals(Trouble.NOT_WRITABLE, refusal(file).trouble());
    assertEquals(Trouble.NOT_WRITABLE, refusal(file.resolve("below")).trouble());
  }

  @Test
  void refusesADirectoryThatCannotBeWritten() throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("r-x------"));
    try {
      assumeFalse(Files.isWritable(directory), "this user may write everywhere");
      StoreException exception = refusal(directory);
      assertEquals(Trouble.NOT_WRITABLE, exception.trouble());
      assertTrue(exception.getMessage().startsWith(directory.resolve("tierwise.db") + ": "));
    } finally {
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    }
  }

  @Test
  void refusesTheLayoutOfANewerRelease() {
    try (Database database = Database.open(directory)) {
      database.write(
          Database.Durability.DURABLE,
          connection ->
              Statements.update(connection, "INSERT INTO schema_version (version) VALUES (99)"));
    }
    StoreException exception = refusal(directory);
    assertEquals(Trouble.NEWER_SCHEMA, exception.trouble());
    assertEquals(
        directory.resolve("tierwise.db")
            + ": its layout is version 99, and this Tierwise knows up"
            + " to 5; run the newer Tierwise that wrote it, or use another data directory",
        exception.getMessage());
  }

  @Test
  void keepsNothingOfAWriteThatFails() {
    try (Database database = Database.open(directory)) {
      assertThrows(
          IllegalStateException.class,
          () ->
              database.write(
                  Database.Durability.RELAXED,
                  connection -> {
                    Statements.update(connection, "INSERT INTO corpus_key VALUES (1, x'00')");
                    throw new IllegalStateException("halfway");
                  }));
      assertEquals(
          List.of(),
          database.read(connection ->
              Statements.all(
                  connection, "SELECT fingerprint FROM corpus_key", row -> row.getBytes(1))));
    }
  }

  @Test
  void saysSoWhenThereIsNoRoomAndGoesOnWhenThereIsAgain() {
    try (Database database = Database.open(directory)) {
      KeyStore keys = keys(database);
      keys.add(StoreFixture.ACME, "before");
      limitPages(database, 1);
      StoreException exception =
          assertThrows(
              StoreException.class,
              () -> {
                for (int i = 0; i < 200; i++) {
                  keys.add(StoreFixture.ACME, "note ".repeat(500));
                }
              });
      assertEquals(Trouble.FULL, exception.trouble());

      List<KeyRow> kept = keys.list();
      limitPages(database, 1_000_000);
      IssuedKey after = keys.add(StoreFixture.ACME, "after");
      assertEquals(kept.size() + 1, keys.list().size());
      assertTrue(keys.authenticate(after.secretKey()).isPresent());
    }
  }

  @Test
  void readsWhileAnotherConnectionWrites() {
    try (Database database = Database.open(directory);
        Database other = Database.open(directory)) {
      int before =
          database.write(
              Database.Durability.DURABLE,
              connection -> {
                Statements.update(connection, "INSERT INTO corpus_key VALUES (1, x'00')");
                return other.<Integer>read(reading ->
                    Statements.all(reading, "SELECT 1 FROM corpus_key", row -> row.getInt(1))
                        .size());
              });
      assertEquals(0, before);
      assertFalse(
          other
              .<List<Integer>>read(reading ->
                  Statements.all(reading, "SELECT 1 FROM corpus_key", row -> row.getInt(1)))
              .isEmpty());
    }
  }

  @Test
  void refusesToBeUsedOnceClosed() {
    Database database = Database.open(directory);
    KeyStore keys = keys(database);
    database.close();
    assertThrows(StoreException.class, keys::list);
    assertThrows(StoreException.class, () -> keys.add(StoreFixture.ACME, "late"));
  }

  private static void limitPages(Database database, int pages) {
    database.write(
        Database.Durability.DURABLE,
        connection -> {
          Statements.execute(connection, "PRAGMA max_page_count = " + pages);
          return pages;
        });
  }

  private static KeyStore keys(Database database) {
    return new KeyStore(database, StoreFixture.at(Duration.ZERO), new SecureRandom());
  }

  private static StoreException refusal(Path directory) {
    return assertThrows(StoreException.class, () -> Database.open(directory).close());
  }
}
