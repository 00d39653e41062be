package io.tierwise.gateway.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.request.Tenant;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The exact cache of chats. Answers are free text and sealed as the corpus is; tenant, task and
 * times are not, for they are deleted by.
 */
public final class ChatAnswerStore {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Database database;
  private final Clock clock;
  private final CorpusKey key;

  /**
   * @param corpus whose key seals the answers as well
   */
  public ChatAnswerStore(Database database, Clock clock, CorpusStore corpus) {
    this.database = database;
    this.clock = clock;
    this.key = corpus.key();
  }

  /**
   * A strong model's answer.
   *
   * @param content the body, byte for byte, of a stream all of its events
   * @param usage what the model used for it
   * @param version the endpoint that gave it
   */
  @SuppressWarnings("ArrayRecordComponent") // on its way to or from a column, never compared
  public record Kept(String contentType, byte[] content, Usage usage, String version) {
    /** Whether it is a stream of events. */
    public boolean streamed() {
      return contentType.startsWith("text/event-stream");
    }

    /** What a store keeps, field by field. */
    public Map<String, String> fields() {
      return Map.of(
          "type",
          contentType,
          "content",
          Base64.getEncoder().encodeToString(content),
          "usage",
          StoredJson.usage(usage),
          "version",
          version);
    }

    /** What such {@link #fields} say. */
    public static Kept of(Map<String, String> fields) {
      StoredFields all = new StoredFields("answer", fields);
      return new Kept(
          all.text("type"),
          Base64.getDecoder().decode(all.text("content")),
          StoredJson.usage(all.text("usage")),
          all.text("version"));
    }
  }

  /** The answer under this key, if there is one and its time to live has not passed. */
  public Optional<Kept> get(String answerKey, Tenant tenant, String task) {
    return database
        .read(connection ->
            Statements.first(
                connection,
                "SELECT nonce, sealed FROM chat_answer WHERE key = ? AND expires_at > ?",
                result -> new CorpusKey.Sealed(result.getBytes(1), result.getBytes(2)),
                answerKey,
                clock.millis()))
        .map(sealed -> decode(key.open(sealed, context(answerKey, tenant, task))));
  }

  /** Keeps an answer, in place of an earlier one under the same key. */
  public void put(String answerKey, Tenant tenant, String task, Kept kept, Duration timeToLive) {
    CorpusKey.Sealed sealed = key.seal(encode(kept), context(answerKey, tenant, task));
    long now = clock.millis();
    database.write(
        Database.Durability.RELAXED,
        connection ->
            Statements.update(
                connection,
                "INSERT OR REPLACE INTO chat_answer (key, tenant, task, nonce, sealed, created_at,"
                    + " expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
                answerKey,
                tenant.name(),
                task,
                sealed.nonce(),
                sealed.bytes(),
                now,
                now + timeToLive.toMillis()));
  }

  /**
   * Forgets the answers of a tenant, of a chat, or of both: what is null means all.
   *
   * @return how many there were
   */
  public int delete(@Nullable Tenant tenant, @Nullable String task) {
    return database.write(
        Database.Durability.DURABLE,
        connection -> Statements.deleteOf(connection, "chat_answer", tenant, task));
  }

  /**
   * Deletes what has expired, in all chats, and the chat's oldest answers above a number.
   *
   * @return how many were deleted
   */
  public int prune(String task, long maximumEntries) {
    return database.write(
        Database.Durability.RELAXED,
        connection ->
            Statements.update(
                    connection, "DELETE FROM chat_answer WHERE expires_at <= ?", clock.millis())
                + Statements.update(
                    connection,
                    "DELETE FROM chat_answer WHERE rowid IN (SELECT rowid FROM chat_answer"
                        + " WHERE task = ? ORDER BY created_at DESC, rowid DESC LIMIT -1 OFFSET ?)",
                    task,
                    maximumEntries));
  }

  private static byte[] encode(Kept kept) {
    ObjectNode node = JSON.createObjectNode();
    kept.fields().forEach(node::put);
    return node.toString().getBytes(UTF_8);
  }

  private static Kept decode(byte[] plain) {
    try {
      Map<String, String> fields = new HashMap<>();
      JSON.readTree(plain)
          .properties()
          .forEach(field -> fields.put(field.getKey(), field.getValue().asText()));
      return Kept.of(fields);
    } catch (IOException e) {
      throw new IllegalStateException("a chat's kept answer holds no JSON", e);
    }
  }

  /** Binds an answer to its place: moved to another tenant or chat, it no longer opens. */
  private static byte[] context(String answerKey, Tenant tenant, String task) {
    String name = tenant.name();
    return ("chat " + name.length() + ":" + name + task + "/" + answerKey).getBytes(UTF_8);
  }
}
