package io.tierwise.gateway.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * The store's tables. A release that changes them appends a migration and never edits an earlier
 * one: a store written by any release is brought up to date on opening.
 *
 * <p>Times are milliseconds since 1970 (UTC).
 */
final class Schema {
  private static final List<List<String>> MIGRATIONS =
      List.of(
          List.of(
              """
              CREATE TABLE api_key (
                id TEXT PRIMARY KEY,
                tenant TEXT NOT NULL,
                note TEXT NOT NULL,
                secret_sha256 BLOB NOT NULL,
                created_at INTEGER NOT NULL,
                revoked_at INTEGER
              ) STRICT\
              """,
              """
              CREATE TABLE gate_move (
                sequence INTEGER PRIMARY KEY AUTOINCREMENT,
                task TEXT NOT NULL,
                mode TEXT NOT NULL CHECK (mode IN ('open', 'shut', 'observe')),
                artifact TEXT,
                certificate TEXT REFERENCES certificate (id),
                reason TEXT NOT NULL,
                at INTEGER NOT NULL
              ) STRICT\
              """,
              "CREATE INDEX gate_move_by_task ON gate_move (task, sequence)",
              """
              CREATE TABLE test_spent (
                task TEXT NOT NULL,
                test_index INTEGER NOT NULL,
                at INTEGER NOT NULL,
                PRIMARY KEY (task, test_index)
              ) STRICT\
              """,
              """
              CREATE TABLE certificate (
                sequence INTEGER PRIMARY KEY AUTOINCREMENT,
                id TEXT NOT NULL UNIQUE,
                task TEXT NOT NULL,
                artifact TEXT NOT NULL,
                epsilon REAL NOT NULL,
                delta REAL NOT NULL,
                test_index INTEGER NOT NULL,
                delta_spent REAL NOT NULL,
                samples INTEGER NOT NULL,
                losses INTEGER NOT NULL,
                p_value REAL NOT NULL,
                coverage REAL NOT NULL,
                thresholds TEXT NOT NULL,
                at INTEGER NOT NULL
              ) STRICT\
              """,
              "CREATE INDEX certificate_by_artifact ON certificate (task, artifact, sequence)",
              """
              CREATE TABLE answer (
                key TEXT PRIMARY KEY,
                tenant TEXT NOT NULL,
                task TEXT NOT NULL,
                label TEXT NOT NULL,
                distribution TEXT NOT NULL,
                usage TEXT NOT NULL,
                version TEXT NOT NULL,
                created_at INTEGER NOT NULL,
                expires_at INTEGER NOT NULL
              ) STRICT\
              """,
              "CREATE INDEX answer_by_task ON answer (task, created_at)",
              "CREATE INDEX answer_by_expiry ON answer (expires_at)",
              """
              CREATE TABLE corpus (
                sequence INTEGER PRIMARY KEY AUTOINCREMENT,
                tenant TEXT NOT NULL,
                task TEXT NOT NULL,
                audited INTEGER NOT NULL,
                nonce BLOB NOT NULL,
                sealed BLOB NOT NULL,
                created_at INTEGER NOT NULL,
                expires_at INTEGER NOT NULL
              ) STRICT\
              """,
              "CREATE INDEX corpus_by_task ON corpus (task, audited, sequence)",
              "CREATE INDEX corpus_by_expiry ON corpus (expires_at)",
              """
              CREATE TABLE corpus_key (
                single INTEGER PRIMARY KEY CHECK (single = 1),
                fingerprint BLOB NOT NULL
              ) STRICT\
              """,
              """
              CREATE TABLE audit (
                sequence INTEGER PRIMARY KEY AUTOINCREMENT,
                task TEXT NOT NULL,
                request_id TEXT NOT NULL,
                artifact TEXT,
                proposals TEXT NOT NULL,
                verdicts TEXT NOT NULL,
                reference_missing INTEGER NOT NULL,
                at INTEGER NOT NULL
              ) STRICT\
              """,
              "CREATE INDEX audit_by_task ON audit (task, sequence)"),
          List.of(
              """
              CREATE TABLE feedback (
                tenant TEXT NOT NULL,
                request_id TEXT NOT NULL,
                label TEXT NOT NULL,
                at INTEGER NOT NULL,
                PRIMARY KEY (tenant, request_id)
              ) STRICT\
              """),
          List.of(
              "ALTER TABLE audit ADD COLUMN certificate TEXT",
              "CREATE INDEX audit_by_certificate ON audit (task, certificate, sequence)",
              """
              CREATE TABLE watch (
                task TEXT NOT NULL,
                certificate TEXT NOT NULL REFERENCES certificate (id),
                audits INTEGER NOT NULL,
                bet REAL NOT NULL,
                recent_risk REAL NOT NULL,
                rang INTEGER NOT NULL,
                answered INTEGER NOT NULL,
                lost INTEGER NOT NULL,
                repeated INTEGER NOT NULL,
                contradicted INTEGER NOT NULL,
                last_audit INTEGER NOT NULL,
                PRIMARY KEY (task, certificate)
              ) STRICT\
              """,
              """
              CREATE TABLE alarm (
                sequence INTEGER PRIMARY KEY AUTOINCREMENT,
                task TEXT NOT NULL,
                certificate TEXT NOT NULL REFERENCES certificate (id),
                evidence REAL NOT NULL,
                audits INTEGER NOT NULL,
                lost INTEGER NOT NULL,
                at INTEGER NOT NULL
              ) STRICT\
              """,
              "CREATE INDEX alarm_by_task ON alarm (task, sequence)"),
          List.of(
              """
              CREATE TABLE budget_account (
                holder TEXT NOT NULL,
                measure TEXT NOT NULL CHECK (measure IN ('dollars', 'requests', 'tokens')),
                start INTEGER NOT NULL,
                spent TEXT NOT NULL,
                reserved TEXT NOT NULL,
                lapsed TEXT NOT NULL,
                PRIMARY KEY (holder, measure, start)
              ) STRICT, WITHOUT ROWID\
              """,
              """
              CREATE TABLE budget_lease (
                sequence INTEGER PRIMARY KEY AUTOINCREMENT,
                tenant TEXT NOT NULL,
                task TEXT NOT NULL,
                dollars TEXT NOT NULL,
                tokens INTEGER NOT NULL,
                at INTEGER NOT NULL,
                ends_at INTEGER NOT NULL
              ) STRICT\
              """,
              "CREATE INDEX budget_lease_by_end ON budget_lease (ends_at)"),
          List.of(
              "CREATE INDEX audit_by_request ON audit (task, request_id)",
              """
              CREATE TABLE audit_spool (
                sequence INTEGER PRIMARY KEY AUTOINCREMENT,
                task TEXT NOT NULL,
                request_id TEXT NOT NULL,
                tenant TEXT NOT NULL,
                nonce BLOB NOT NULL,
                sealed BLOB NOT NULL,
                drawn_at INTEGER NOT NULL,
                UNIQUE (task, request_id)
              ) STRICT\
              """,
              """
              CREATE TABLE audit_spending (
                task TEXT NOT NULL,
                day TEXT NOT NULL,
                usd TEXT NOT NULL,
                audits INTEGER NOT NULL,
                PRIMARY KEY (task, day)
              ) STRICT\
              """),
          List.of(
              """
              CREATE TABLE training_run (
                sequence INTEGER PRIMARY KEY AUTOINCREMENT,
                task TEXT NOT NULL,
                reason TEXT NOT NULL,
                started_at INTEGER NOT NULL,
                ended_at INTEGER,
                outcome TEXT NOT NULL,
                detail TEXT NOT NULL,
                artifact TEXT
              ) STRICT\
              """,
              "CREATE INDEX training_run_by_task ON training_run (task, sequence)"),
          List.of("ALTER TABLE api_key ADD COLUMN admin INTEGER NOT NULL DEFAULT 0"),
          List.of(
              "ALTER TABLE certificate ADD COLUMN over TEXT NOT NULL DEFAULT 'ALL'",
              "ALTER TABLE corpus ADD COLUMN request_id TEXT",
              """
              CREATE TABLE semantic_entry (
                key TEXT PRIMARY KEY,
                tenant TEXT NOT NULL,
                task TEXT NOT NULL,
                basis TEXT NOT NULL,
                nonce BLOB NOT NULL,
                sealed BLOB NOT NULL,
                created_at INTEGER NOT NULL,
                expires_at INTEGER NOT NULL
              ) STRICT\
              """,
              "CREATE INDEX semantic_entry_by_task ON semantic_entry (task, created_at)",
              "CREATE INDEX semantic_entry_by_expiry ON semantic_entry (expires_at)",
              "ALTER TABLE feedback ADD COLUMN task TEXT",
              "ALTER TABLE feedback ADD COLUMN given TEXT",
              """
              CREATE TABLE review (
                task TEXT NOT NULL,
                request_id TEXT NOT NULL,
                tenant TEXT NOT NULL,
                nonce BLOB NOT NULL,
                sealed BLOB NOT NULL,
                given TEXT NOT NULL,
                label TEXT,
                drawn_at INTEGER NOT NULL,
                expires_at INTEGER NOT NULL,
                PRIMARY KEY (task, request_id)
              ) STRICT\
              """,
              """
              CREATE TABLE slice (
                task TEXT NOT NULL,
                artifact TEXT NOT NULL,
                tenant TEXT NOT NULL,
                certificate TEXT REFERENCES certificate (id),
                samples INTEGER NOT NULL,
                needed INTEGER NOT NULL,
                reason TEXT NOT NULL,
                at INTEGER NOT NULL,
                PRIMARY KEY (task, artifact, tenant)
              ) STRICT\
              """,
              """
              CREATE TABLE audit_repeat (
                task TEXT NOT NULL,
                request_id TEXT NOT NULL,
                agrees INTEGER NOT NULL,
                at INTEGER NOT NULL,
                PRIMARY KEY (task, request_id)
              ) STRICT\
              """,
              """
              CREATE TABLE cache_erasure (
                sequence INTEGER PRIMARY KEY AUTOINCREMENT,
                tenant TEXT,
                task TEXT,
                at INTEGER NOT NULL
              ) STRICT\
              """),
          List.of(
              """
              CREATE TABLE chat_answer (
                key TEXT PRIMARY KEY,
                tenant TEXT NOT NULL,
                task TEXT NOT NULL,
                nonce BLOB NOT NULL,
                sealed BLOB NOT NULL,
                created_at INTEGER NOT NULL,
                expires_at INTEGER NOT NULL
              ) STRICT\
              """,
              "CREATE INDEX chat_answer_by_task ON chat_answer (task, created_at)",
              "CREATE INDEX chat_answer_by_expiry ON chat_answer (expires_at)"),
          List.of(
              "ALTER TABLE audit ADD COLUMN reference TEXT",
              """
              CREATE TABLE drift_watch (
                task TEXT PRIMARY KEY,
                last_audit INTEGER NOT NULL,
                state TEXT NOT NULL
              ) STRICT\
              """,
              """
              CREATE TABLE drift (
                sequence INTEGER PRIMARY KEY AUTOINCREMENT,
                task TEXT NOT NULL,
                kind TEXT NOT NULL,
                detail TEXT NOT NULL,
                at INTEGER NOT NULL
              ) STRICT\
              """,
              "CREATE INDEX drift_by_task ON drift (task, sequence)",
              """
              CREATE TABLE probe (
                task TEXT NOT NULL,
                number INTEGER NOT NULL,
                tenant TEXT NOT NULL,
                nonce BLOB NOT NULL,
                sealed BLOB NOT NULL,
                PRIMARY KEY (task, number)
              ) STRICT\
              """,
              """
              CREATE TABLE probe_round (
                task TEXT PRIMARY KEY,
                endpoint TEXT NOT NULL,
                texts INTEGER NOT NULL,
                state TEXT NOT NULL,
                expires_at INTEGER NOT NULL,
                asked_at INTEGER NOT NULL
              ) STRICT\
              """));

  /** The layout's version. */
  static final int LATEST = MIGRATIONS.size();

  private Schema() {}

  /** Applies the migrations that the store has not seen, all or none. */
  static void upgrade(Connection connection, Path file) throws SQLException {
    upgrade(connection, file, LATEST);
  }

  /** As the release did whose layout was this version. */
  static void upgrade(Connection connection, Path file, int last) throws SQLException {
    Database.inTransaction(
        connection,
        inside -> {
          Statements.execute(
              inside,
              "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY) STRICT");
          int version = version(inside);
          if (version > LATEST) {
            throw new StoreException(
                StoreException.Trouble.NEWER_SCHEMA,
                file,
                "its layout is version " + version + ", and this Tierwise knows up to " + LATEST,
                "run the newer Tierwise that wrote it, or use another data directory");
          }
          for (int next = version + 1; next <= last; next++) {
            for (String statement : MIGRATIONS.get(next - 1)) {
              Statements.execute(inside, statement);
            }
            Statements.update(inside, "INSERT INTO schema_version (version) VALUES (?)", next);
          }
          return version;
        });
  }

  private static int version(Connection connection) throws SQLException {
    return Statements.first(
            connection,
            "SELECT coalesce(max(version), 0) FROM schema_version",
            result -> result.getInt(1))
        .orElse(0);
  }
}
