package io.tierwise.gateway.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tierwise.router.request.Label;
import io.tierwise.router.request.Tenant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The queue of requests that people are asked about: a share of the audited ones, drawn by chance,
 * so what people say of them is true of all. Texts are sealed as the corpus is.
 */
public final class ReviewStore {
  private final Database database;
  private final Clock clock;
  private final @Nullable CorpusKey key;

  /**
   * @param corpus whose key seals the queue as well
   */
  public ReviewStore(Database database, Clock clock, CorpusStore corpus) {
    this.database = database;
    this.clock = clock;
    this.key = corpus.key();
  }

  private ReviewStore(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
    this.key = null;
  }

  /** One that reads no text, and needs no key for it. */
  public static ReviewStore counting(Database database, Clock clock) {
    return new ReviewStore(database, clock);
  }

  private CorpusKey key() {
    return Objects.requireNonNull(key, "this store only counts");
  }

  /** Puts a request into the queue, for as long as its text may be kept. */
  public void draw(
      String task, String requestId, Tenant tenant, String text, Label given, Duration kept) {
    CorpusKey.Sealed sealed = key().seal(text.getBytes(UTF_8), context(task, tenant, requestId));
    long now = clock.millis();
    database.write(
        Database.Durability.RELAXED,
        connection ->
            Statements.update(
                connection,
                "INSERT INTO review (task, request_id, tenant, nonce, sealed, given, drawn_at,"
                    + " expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                task,
                requestId,
                tenant.name(),
                sealed.nonce(),
                sealed.bytes(),
                given.value(),
                now,
                now + kept.toMillis()));
  }

  /** All of a task, oldest first, those that people have judged included. */
  public List<Review> all(String task) {
    return database.read(connection ->
        Statements.all(
            connection,
            "SELECT request_id, tenant, nonce, sealed, given, label, drawn_at FROM review"
                + " WHERE task = ? AND expires_at > ? ORDER BY drawn_at, request_id",
            result -> review(task, result),
            task,
            clock.millis()));
  }

  /**
   * Keeps what people say.
   *
   * @return false when no such request is in the queue
   */
  public boolean judge(String task, String requestId, Label label) {
    return database.write(
        Database.Durability.DURABLE,
        connection ->
            Statements.update(
                    connection,
                    "UPDATE review SET label = ? WHERE task = ? AND request_id = ?",
                    label.value(),
                    task,
                    requestId)
                > 0);
  }

  /** How often the answers given were right, of those that people have judged. */
  public Accuracy accuracy(String task) {
    return database
        .read(connection ->
            Statements.first(
                connection,
                "SELECT count(*), coalesce(sum(label = given), 0) FROM review"
                    + " WHERE task = ? AND label IS NOT NULL",
                result -> new Accuracy(result.getInt(1), result.getInt(2)),
                task))
        .orElse(new Accuracy(0, 0));
  }

  /**
   * Forgets a tenant's texts.
   *
   * @return how many there were
   */
  public int deleteTenant(Tenant tenant) {
    return database.write(
        Database.Durability.DURABLE,
        connection ->
            Statements.update(connection, "DELETE FROM review WHERE tenant = ?", tenant.name()));
  }

  /** Deletes what may be kept no longer. */
  public int deleteExpired() {
    return database.write(
        Database.Durability.RELAXED,
        connection ->
            Statements.update(
                connection, "DELETE FROM review WHERE expires_at <= ?", clock.millis()));
  }

  private Review review(String task, ResultSet result) throws SQLException {
    String requestId = result.getString(1);
    Tenant tenant = new Tenant(result.getString(2));
    CorpusKey.Sealed sealed = new CorpusKey.Sealed(result.getBytes(3), result.getBytes(4));
    String label = result.getString(6);
    return new Review(
        requestId,
        tenant,
        new String(key().open(sealed, context(task, tenant, requestId)), UTF_8),
        new Label(result.getString(5)),
        label == null ? null : new Label(label),
        Instant.ofEpochMilli(result.getLong(7)));
  }

  private static byte[] context(String task, Tenant tenant, String requestId) {
    return ("review " + tenant.name() + "/" + task + "/" + requestId).getBytes(UTF_8);
  }
}
