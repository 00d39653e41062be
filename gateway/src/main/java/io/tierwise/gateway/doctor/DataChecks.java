package io.tierwise.gateway.doctor;

import io.tierwise.gateway.ledger.Damage;
import io.tierwise.gateway.ledger.LedgerEnd;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The data directory. Nothing is made in it but one file, which is deleted again. */
final class DataChecks {
  /** Below this the next start may fail for want of room. */
  static final long LEAST_FREE = 100L << 20;

  private static final long COMFORTABLY_FREE = 1L << 30;

  private DataChecks() {}

  static Finding writable(Path data) {
    String what = "data " + data;
    Path nearest = existing(data);
    try {
      Files.delete(Files.createTempFile(nearest, "tierwise-doctor", ".tmp"));
      return Finding.ok(what, nearest.equals(data) ? "can be written to" : "can be made");
    } catch (IOException e) {
      return Finding.fail(
          what,
          nearest + " cannot be written to (" + e.getClass().getSimpleName() + ")",
          "give this user write access, or set another data");
    }
  }

  /**
   * @param least how many bytes must be free
   */
  static Finding room(Path data, long least) {
    Path nearest = existing(data);
    try {
      long free = Files.getFileStore(nearest).getUsableSpace();
      String finding = "%,d MiB free".formatted(free >> 20);
      String advice = "free some, or set data to a larger disk: answers wait for the ledger";
      if (free < least) {
        return Finding.fail("disk", finding, advice);
      }
      return free < COMFORTABLY_FREE
          ? Finding.warn("disk", finding, advice)
          : Finding.ok("disk", finding);
    } catch (IOException e) {
      return Finding.warn("disk", "its free room cannot be read (" + e + ")", "look at it by hand");
    }
  }

  static Finding database(Path data) {
    if (!Files.exists(data.resolve(Database.FILE))) {
      return Finding.ok("database", "none yet; the first start makes it");
    }
    try {
      Database.open(data).close();
      return Finding.ok("database", "opens");
    } catch (StoreException e) {
      return Finding.fail(
          "database",
          "cannot be opened: " + e.getMessage(),
          "restore " + data.resolve(Database.FILE) + " from its last copy");
    }
  }

  static Finding ledger(Path data) {
    Path directory = data.resolve("ledger");
    try {
      LedgerEnd end = LedgerEnd.of(directory);
      if (!end.damage().isEmpty()) {
        Damage first = end.damage().getFirst();
        return Finding.fail(
            "ledger", first.toString(), "restore that segment, or accept that reports miss it");
      }
      return end.torn().isEmpty()
          ? Finding.ok("ledger", "the last segment is whole, " + end.records() + " records")
          : Finding.warn(
              "ledger",
              end.torn().getFirst().toString(),
              "nothing: the next start cuts it off, and no answer had left for it");
    } catch (IOException e) {
      return Finding.fail(
          "ledger", "cannot be read (" + e + ")", "give this user access to " + directory);
    }
  }

  private static Path existing(Path path) {
    Path nearest = path.toAbsolutePath();
    while (!Files.exists(nearest) && nearest.getParent() != null) {
      nearest = nearest.getParent();
    }
    return nearest;
  }
}
