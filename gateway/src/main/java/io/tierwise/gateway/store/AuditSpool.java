package io.tierwise.gateway.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tierwise.router.request.Tenant;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The audits that were drawn and are not yet made. They outlive the process: one leaves the spool
 * in the transaction that keeps its outcome ({@link AuditStore#keep}). Messages are sealed as the
 * corpus is, for they hold texts.
 *
 * <p>An audit is claimed by whoever makes it, so that two workers of a process do not; claims end
 * with the process.
 */
public final class AuditSpool {
  private final Database database;
  private final Clock clock;
  private final CorpusKey key;
  private final Set<List<String>> claimed = ConcurrentHashMap.newKeySet();

  /**
   * @param corpus whose key seals the spool as well
   */
  public AuditSpool(Database database, Clock clock, CorpusStore corpus) {
    this.database = database;
    this.clock = clock;
    this.key = corpus.key();
  }

  /** Takes an audit in, claimed. It survives the death of the process when this returns. */
  public void add(String task, String requestId, Tenant tenant, String message) {
    CorpusKey.Sealed sealed = key.seal(message.getBytes(UTF_8), context(task, requestId));
    claimed.add(List.of(task, requestId));
    database.write(
        Database.Durability.RELAXED,
        connection ->
            Statements.update(
                connection,
                "INSERT INTO audit_spool (task, request_id, tenant, nonce, sealed, drawn_at)"
                    + " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                task,
                requestId,
                tenant.name(),
                sealed.nonce(),
                sealed.bytes(),
                clock.millis()));
  }

  /** Claims all audits of a task that nobody has claimed; their request ids, oldest first. */
  public List<String> claim(String task) {
    return database
        .read(connection ->
            Statements.all(
                connection,
                "SELECT request_id FROM audit_spool WHERE task = ? ORDER BY sequence",
                result -> result.getString(1),
                task))
        .stream()
        .filter(requestId -> claimed.add(List.of(task, requestId)))
        .toList();
  }

  /** Gives a claim up; whether the audit was made or waits for the next start. */
  public void release(String task, String requestId) {
    claimed.remove(List.of(task, requestId));
  }

  /** The message of an audit that waits; empty when it was made, or erased. */
  public Optional<String> message(String task, String requestId) {
    return database
        .read(connection ->
            Statements.first(
                connection,
                "SELECT nonce, sealed FROM audit_spool WHERE task = ? AND request_id = ?",
                result -> new CorpusKey.Sealed(result.getBytes(1), result.getBytes(2)),
                task,
                requestId))
        .map(sealed -> new String(key.open(sealed, context(task, requestId)), UTF_8));
  }

  /** How many audits of a task wait, or are being made. */
  public int waiting(String task) {
    return database.read(connection ->
        Statements.first(
                connection,
                "SELECT count(*) FROM audit_spool WHERE task = ?",
                result -> result.getInt(1),
                task)
            .orElse(0));
  }

  /**
   * Forgets a tenant's texts that wait, in all tasks.
   *
   * @return how many there were
   */
  public int deleteTenant(Tenant tenant) {
    return database.write(
        Database.Durability.DURABLE,
        connection ->
            Statements.update(
                connection, "DELETE FROM audit_spool WHERE tenant = ?", tenant.name()));
  }

  static void remove(Connection connection, String task, String requestId) throws SQLException {
    Statements.update(
        connection, "DELETE FROM audit_spool WHERE task = ? AND request_id = ?", task, requestId);
  }

  private static byte[] context(String task, String requestId) {
    return ("audit " + task.length() + ":" + task + requestId).getBytes(UTF_8);
  }
}
