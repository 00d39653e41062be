package io.tierwise.bench.speed;

import io.tierwise.gateway.store.AnswerStore;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.store.StoredAnswer;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.request.Distribution;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Tenant;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** The exact cache on disk with so many answers, of which some are asked for. */
final class ScaledAnswers implements AutoCloseable {
  private static final int KEY_BYTES = 32;
  private static final Duration KEPT = Duration.ofDays(30);

  private final Database database;
  private final AnswerStore store;
  private final Turns<String> asked;
  private final int count;

  private ScaledAnswers(Database database, AnswerStore store, List<String> asked, int count) {
    this.database = database;
    this.store = store;
    this.asked = new Turns<>(asked);
    this.count = count;
  }

  /**
   * @param folder does not exist
   * @param size answers in all
   * @param asked of these
   */
  static ScaledAnswers fill(Path folder, int size, int asked) throws IOException {
    Database database = Database.open(folder);
    try {
      AnswerStore store = new AnswerStore(database, Clock.systemUTC());
      List<String> keys = new ArrayList<>();
      Random random = new Random(size);
      for (int i = 0; i < Math.min(size, asked); i++) {
        byte[] key = new byte[KEY_BYTES];
        random.nextBytes(key);
        keys.add(HexFormat.of().formatHex(key));
        store.put(keys.getLast(), new Tenant("scale"), "scale", answer(), KEPT);
      }
      int more = fillUp(folder.resolve(Database.FILE), size - keys.size());
      return new ScaledAnswers(database, store, keys, keys.size() + more);
    } catch (IOException | RuntimeException e) {
      database.close();
      throw e;
    }
  }

  private static StoredAnswer answer() {
    Label label = new Label("billing");
    return new StoredAnswer(
        label, Distribution.certain(label), Usage.tokens(40, 2, Duration.ofMillis(300)), "quick");
  }

  /** As many rows like one that is there, under keys drawn at random: in one transaction. */
  private static int fillUp(Path file, int rows) throws IOException {
    String columns = "tenant, task, label, distribution, usage, version, created_at, expires_at";
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      return statement.executeUpdate(
          """
          WITH RECURSIVE counted(row) AS (SELECT 1 WHERE %1$d > 0
            UNION ALL SELECT row + 1 FROM counted WHERE row < %1$d)
          INSERT INTO answer (key, %2$s) SELECT lower(hex(randomblob(%3$d))), %2$s
            FROM counted, (SELECT * FROM answer LIMIT 1)\
          """
              .formatted(rows, columns, KEY_BYTES));
    } catch (SQLException e) {
      throw new IOException("the cache could not be filled", e);
    }
  }

  /** How many answers it holds. */
  int count() {
    return count;
  }

  /** Reads the next answer. */
  Optional<StoredAnswer> next() {
    return store.get(asked.next());
  }

  @Override
  public void close() {
    database.close();
  }
}
