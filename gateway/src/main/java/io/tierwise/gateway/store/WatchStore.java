package io.tierwise.gateway.store;

import io.tierwise.router.contract.AuditMonitor;
import io.tierwise.router.contract.Certificate;
import io.tierwise.router.contract.Gate;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The watch over every running contract. Each audit is folded in once, by whichever process comes
 * first; when the evidence rings, the gate is shut in the same transaction.
 */
public final class WatchStore {
  private final Database database;
  private final GateStore gates;
  private final Clock clock;

  public WatchStore(Database database, GateStore gates, Clock clock) {
    this.database = database;
    this.gates = gates;
    this.clock = clock;
  }

  /** How a look ended: what is known now, and the alarm if this very look raised it. */
  public record Look(Optional<Watch> watch, Optional<Alarm> alarm) {
    static final Look NOTHING = new Look(Optional.empty(), Optional.empty());
  }

  /**
   * Folds in the audits not yet seen of a task whose gate is open, and shuts it when they ring.
   * Nothing is written while there is no new one.
   */
  public Look look(String task) {
    Optional<String> certificate = openUnder(gates.state(task));
    if (certificate.isEmpty()) {
      return Look.NOTHING;
    }
    String id = certificate.get();
    boolean unseen =
        database.read(connection -> {
          long last = watch(connection, task, id).map(Watch::lastAudit).orElse(0L);
          return AuditStore.lastUnder(connection, task, id) > last;
        });
    return unseen
        ? database.write(Database.Durability.DURABLE, connection -> fold(connection, task, id))
        : new Look(watch(task, id), Optional.empty());
  }

  /**
   * Folds in the audits not yet seen under a certificate that is on trial. It shuts nothing:
   * whoever has it on trial looks whether it rang.
   */
  public Optional<Watch> trial(String task, String certificate) {
    return database.write(
        Database.Durability.RELAXED,
        connection -> {
          Optional<Certificate> terms =
              Certificates.byId(connection, certificate).map(KeptCertificate::certificate);
          return terms.isEmpty()
              ? Optional.empty()
              : Optional.of(foldUnseen(connection, task, certificate, terms.get()));
        });
  }

  /** What the audits under a certificate have shown; empty before the first was folded in. */
  public Optional<Watch> watch(String task, String certificate) {
    return database.read(connection -> watch(connection, task, certificate));
  }

  private Look fold(Connection connection, String task, String id) throws SQLException {
    Optional<Certificate> certificate =
        Certificates.byId(connection, id).map(KeptCertificate::certificate);
    boolean stillOpen = openUnder(gates.state(connection, task)).filter(id::equals).isPresent();
    if (certificate.isEmpty() || !stillOpen) {
      return Look.NOTHING;
    }
    Watch watch = foldUnseen(connection, task, id, certificate.get());
    return new Look(
        Optional.of(watch),
        watch.monitor().rang() ? Optional.of(ring(connection, task, id, watch)) : Optional.empty());
  }

  private static Watch foldUnseen(Connection connection, String task, String id, Certificate terms)
      throws SQLException {
    Watch before = watch(connection, task, id).orElseGet(() -> Watch.over(terms.contract()));
    Watch watch = before;
    List<AuditStore.Logged> unseen = AuditStore.under(connection, task, id, before.lastAudit());
    for (AuditStore.Logged logged : unseen) {
      watch = watch.observe(logged.row(), terms, logged.sequence());
    }
    if (!unseen.isEmpty()) {
      keep(connection, task, id, watch);
    }
    return watch;
  }

  private Alarm ring(Connection connection, String task, String id, Watch watch)
      throws SQLException {
    AuditMonitor monitor = watch.monitor();
    Alarm alarm =
        new Alarm(task, id, monitor.evidence(), monitor.audits(), watch.lost(), clock.instant());
    Alarms.insert(connection, alarm);
    gates.shut(
        connection,
        task,
        String.format(
            Locale.ROOT,
            GateMove.ALARM + "%d of %d audits lost under %s, against %s allowed",
            watch.lost(),
            monitor.audits(),
            id,
            monitor.epsilon()));
    return alarm;
  }

  private static Optional<String> openUnder(GateState state) {
    return switch (state.gate()) {
      case Gate.Open open -> Optional.of(open.certificate());
      case Gate.Observe observe -> Optional.empty();
      case Gate.Shut shut -> Optional.empty();
    };
  }

  private static void keep(Connection connection, String task, String id, Watch watch)
      throws SQLException {
    AuditMonitor monitor = watch.monitor();
    Statements.update(
        connection,
        "INSERT OR REPLACE INTO watch (task, certificate, audits, bet, recent_risk, rang, answered,"
            + " lost, repeated, contradicted, last_audit) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        task,
        id,
        monitor.audits(),
        monitor.bet(),
        monitor.recentRisk(),
        monitor.rang() ? 1 : 0,
        watch.answered(),
        watch.lost(),
        watch.repeated(),
        watch.contradicted(),
        watch.lastAudit());
  }

  private static Optional<Watch> watch(Connection connection, String task, String id)
      throws SQLException {
    return Statements.first(
        connection,
        "SELECT epsilon, delta, audits, bet, recent_risk, rang, answered, lost, repeated,"
            + " contradicted, last_audit FROM watch JOIN certificate ON certificate.id = certificate"
            + " WHERE watch.task = ? AND certificate = ?",
        WatchStore::row,
        task,
        id);
  }

  private static Watch row(ResultSet result) throws SQLException {
    return new Watch(
        new AuditMonitor(
            result.getDouble(1),
            result.getDouble(2),
            result.getLong(3),
            result.getDouble(4),
            result.getDouble(5),
            result.getInt(6) != 0),
        result.getLong(7),
        result.getLong(8),
        result.getLong(9),
        result.getLong(10),
        result.getLong(11));
  }
}
