package io.tierwise.gateway.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.request.Tenant;
import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * The semantic cache's entries. They are the truth; the index of their vectors is made from them.
 * Text, vector and answer are sealed as the corpus is; tenant, task and times are not.
 */
public final class SemanticStore {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Database database;
  private final Clock clock;
  private final CorpusKey key;

  /**
   * @param corpus whose key seals the entries as well
   */
  public SemanticStore(Database database, Clock clock, CorpusStore corpus) {
    this.database = database;
    this.clock = clock;
    this.key = corpus.key();
  }

  /** What seals the index of the vectors. */
  public SecretKey indexKey() {
    return key.derived("semantic index");
  }

  /**
   * Where an entry may be found.
   *
   * @param basis what its answer and its vector were made by, and after a slash what the answer
   *     depends on besides the text: another one finds it no more
   */
  public record Scope(Tenant tenant, String task, String basis) {}

  /**
   * An entry without what is sealed.
   *
   * @param expiresAt milliseconds since 1970
   */
  public record Place(String key, Scope scope, long expiresAt) {}

  /**
   * Keeps an entry, in place of an earlier one under the same key.
   *
   * @param entryKey says everything that the answer depends on, the tenant included
   */
  public Place put(String entryKey, Scope scope, SemanticEntry entry, Duration timeToLive) {
    CorpusKey.Sealed sealed = key.seal(encode(entry), context(entryKey, scope));
    long now = clock.millis();
    long expiresAt = now + timeToLive.toMillis();
    database.write(
        Database.Durability.RELAXED,
        connection ->
            Statements.update(
                connection,
                "INSERT OR REPLACE INTO semantic_entry (key, tenant, task, basis, nonce, sealed,"
                    + " created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                entryKey,
                scope.tenant().name(),
                scope.task(),
                scope.basis(),
                sealed.nonce(),
                sealed.bytes(),
                now,
                expiresAt));
    return new Place(entryKey, scope, expiresAt);
  }

  /** The entry under a key, if it is of this scope and its time to live has not passed. */
  public Optional<SemanticEntry> get(String entryKey, Scope scope) {
    return database
        .read(connection ->
            Statements.first(
                connection,
                "SELECT nonce, sealed FROM semantic_entry WHERE key = ? AND tenant = ?"
                    + " AND task = ? AND basis = ? AND expires_at > ?",
                result -> new CorpusKey.Sealed(result.getBytes(1), result.getBytes(2)),
                entryKey,
                scope.tenant().name(),
                scope.task(),
                scope.basis(),
                clock.millis()))
        .map(sealed -> decode(key.open(sealed, context(entryKey, scope))));
  }

  /** Where all entries are whose time to live has not passed. */
  public List<Place> places() {
    return database.read(connection ->
        Statements.all(
            connection,
            "SELECT key, tenant, task, basis, expires_at FROM semantic_entry WHERE expires_at > ?",
            SemanticStore::place,
            clock.millis()));
  }

  /**
   * Forgets the entries of a tenant, of a task, or of both: what is null means all.
   *
   * @return how many there were
   */
  public int delete(@Nullable Tenant tenant, @Nullable String task) {
    return database.write(
        Database.Durability.DURABLE,
        connection -> Statements.deleteOf(connection, "semantic_entry", tenant, task));
  }

  /**
   * Deletes the entries whose time to live has passed, in all tasks.
   *
   * @return how many there were
   */
  public int deleteExpired() {
    return database.write(
        Database.Durability.RELAXED,
        connection ->
            Statements.update(
                connection, "DELETE FROM semantic_entry WHERE expires_at <= ?", clock.millis()));
  }

  /**
   * Deletes the task's entries of another basis, and its oldest above a number.
   *
   * @param basis without what may follow a slash
   * @return how many were deleted
   */
  public int prune(String task, String basis, long maximumEntries) {
    return database.write(
        Database.Durability.RELAXED,
        connection ->
            Statements.update(
                    connection,
                    "DELETE FROM semantic_entry WHERE task = ? AND basis <> ?"
                        + " AND substr(basis, 1, length(?) + 1) <> ? || '/'",
                    task,
                    basis,
                    basis,
                    basis)
                + Statements.update(
                    connection,
                    "DELETE FROM semantic_entry WHERE rowid IN (SELECT rowid FROM semantic_entry"
                        + " WHERE task = ? ORDER BY created_at DESC, rowid DESC LIMIT -1 OFFSET ?)",
                    task,
                    maximumEntries));
  }

  private static Place place(ResultSet result) throws SQLException {
    return new Place(
        result.getString(1),
        new Scope(new Tenant(result.getString(2)), result.getString(3), result.getString(4)),
        result.getLong(5));
  }

  private static byte[] encode(SemanticEntry entry) {
    ByteBuffer vector = ByteBuffer.allocate(entry.vector().length * Float.BYTES);
    vector.asFloatBuffer().put(entry.vector());
    ObjectNode node = JSON.createObjectNode();
    node.put("text", entry.text());
    node.put("vector", Base64.getEncoder().encodeToString(vector.array()));
    node.put("confidence", entry.confidence().value());
    entry.answer().forEach(node::put);
    return node.toString().getBytes(UTF_8);
  }

  private static SemanticEntry decode(byte[] plain) {
    JsonNode node;
    try {
      node = JSON.readTree(new String(plain, UTF_8));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an entry of the semantic cache holds no JSON", e);
    }
    ByteBuffer bytes =
        ByteBuffer.wrap(Base64.getDecoder().decode(node.required("vector").textValue()));
    float[] vector = new float[bytes.remaining() / Float.BYTES];
    bytes.asFloatBuffer().get(vector);
    Map<String, String> fields = new HashMap<>();
    node.properties()
        .forEach(field -> {
          if (field.getValue().isTextual()) {
            fields.put(field.getKey(), field.getValue().textValue());
          }
        });
    return new SemanticEntry(
        node.required("text").textValue(),
        vector,
        fields,
        new Confidence(node.required("confidence").doubleValue()));
  }

  /** Binds an entry to its place: moved to another tenant or task, it no longer opens. */
  private static byte[] context(String entryKey, Scope scope) {
    String tenant = scope.tenant().name();
    return ("semantic " + tenant.length() + ":" + tenant + scope.task() + "/" + entryKey)
        .getBytes(UTF_8);
  }
}
