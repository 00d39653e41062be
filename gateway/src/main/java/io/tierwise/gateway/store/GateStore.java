package io.tierwise.gateway.store;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.contract.Certificate;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.contract.Gate;
import io.tierwise.router.contract.Thresholds;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Every task's gate with its history, the certificates behind it, and how many tests the task has
 * spent. All of it survives the loss of power.
 */
public final class GateStore {
  private static final String MOVES =
      "SELECT at, task, mode, artifact, certificate, reason FROM gate_move WHERE task = ?";

  private final Database database;
  private final Clock clock;

  public GateStore(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * The gate as it was last moved. A task never moved is in observe mode. In observe mode the
   * thresholds are those of the newest certificate of the artifact last seen here.
   */
  public GateState state(String task) {
    return database.read(connection -> state(connection, task, null));
  }

  /** The same; in observe mode the thresholds are those of this artifact's newest certificate. */
  public GateState state(String task, String liveArtifact) {
    return database.read(connection -> state(connection, task, liveArtifact));
  }

  /**
   * Lets the artifact's candidates answer from now on.
   *
   * @throws InvalidValueException when the certificate is not one of this task and artifact, or is
   *     from before an alarm
   */
  public GateState open(String task, String artifact, String certificateId, String reason) {
    return database.write(
        Database.Durability.DURABLE,
        connection -> {
          requireCertificate(connection, task, artifact, certificateId);
          return move(connection, task, GateMove.Mode.OPEN, artifact, certificateId, reason);
        });
  }

  /** Lets only exact hits and the large model answer from now on. */
  public GateState shut(String task, String reason) {
    return move(task, GateMove.Mode.SHUT, reason);
  }

  /** Lets the large model answer everything from now on; candidates are only scored. */
  public GateState observe(String task, String reason) {
    return move(task, GateMove.Mode.OBSERVE, reason);
  }

  /** All moves of a task's gate, oldest first. */
  public List<GateMove> history(String task) {
    return database.read(connection ->
        Statements.all(connection, MOVES + " ORDER BY sequence", GateStore::gateMove, task));
  }

  /**
   * Spends the task's next test: j, from 1. No two callers in any process are ever given the same,
   * and it never resets.
   */
  public int spendTest(String task) {
    return database.write(
        Database.Durability.DURABLE,
        connection -> {
          int next = testsSpent(connection, task) + 1;
          Statements.update(
              connection,
              "INSERT INTO test_spent (task, test_index, at) VALUES (?, ?, ?)",
              task,
              next,
              clock.millis());
          return next;
        });
  }

  /** How many tests the task has spent so far. */
  public int testsSpent(String task) {
    return database.read(connection -> testsSpent(connection, task));
  }

  /**
   * Keeps a certificate.
   *
   * @return its id, the same whenever the same evidence for the same artifact is kept again
   */
  public String keep(String task, String artifact, Certificate certificate) {
    return database.write(
        Database.Durability.DURABLE,
        connection -> Certificates.insert(connection, task, artifact, certificate, clock.millis()));
  }

  public Optional<KeptCertificate> certificate(String id) {
    return database.read(connection -> Certificates.byId(connection, id));
  }

  /** The certificate kept last for a task's artifact. */
  public Optional<KeptCertificate> latestFor(String task, String artifact) {
    return database.read(connection -> Certificates.latest(connection, task, artifact));
  }

  /**
   * The newest certificate of an artifact, if it may open the gate now: it is from after the last
   * alarm, and of a contract that implies this one.
   */
  public Optional<KeptCertificate> usable(String task, String artifact, Contract contract) {
    Instant alarm = lastAlarm(task).map(Alarm::at).orElse(Instant.EPOCH);
    return latestFor(task, artifact)
        .filter(kept -> kept.at().isAfter(alarm))
        .filter(kept -> kept.certificate().contract().implies(contract));
  }

  /** The same for an artifact on trial: one that the gate was never open for. */
  public Optional<KeptCertificate> usableOnTrial(String task, String artifact, Contract contract) {
    boolean opened =
        history(task).stream()
            .anyMatch(
                move -> move.mode() == GateMove.Mode.OPEN && artifact.equals(move.artifact()));
    return opened ? Optional.empty() : usable(task, artifact, contract);
  }

  /** Whether somebody keeps a task's gate from opening: it was moved by hand, not by an alarm. */
  public boolean held(String task) {
    return database
        .read(connection -> lastMove(connection, task))
        .filter(GateMove::holdsBack)
        .isPresent();
  }

  /** The task's last alarm; audits from before it certify nothing any more. */
  public Optional<Alarm> lastAlarm(String task) {
    return database.read(connection -> Alarms.last(connection, task));
  }

  private GateState move(String task, GateMove.Mode mode, String reason) {
    return database.write(
        Database.Durability.DURABLE,
        connection -> {
          String artifact = lastMove(connection, task).map(GateMove::artifact).orElse(null);
          return move(connection, task, mode, artifact, null, reason);
        });
  }

  GateState state(Connection connection, String task) throws SQLException {
    return state(connection, task, null);
  }

  GateState shut(Connection connection, String task, String reason) throws SQLException {
    String artifact = lastMove(connection, task).map(GateMove::artifact).orElse(null);
    return move(connection, task, GateMove.Mode.SHUT, artifact, null, reason);
  }

  private GateState move(
      Connection connection,
      String task,
      GateMove.Mode mode,
      @Nullable String artifact,
      @Nullable String certificate,
      String reason)
      throws SQLException {
    Statements.update(
        connection,
        "INSERT INTO gate_move (task, mode, artifact, certificate, reason, at)"
            + " VALUES (?, ?, ?, ?, ?, ?)",
        task,
        mode.text(),
        artifact,
        certificate,
        reason,
        clock.millis());
    return state(connection, task, null);
  }

  private GateState state(Connection connection, String task, @Nullable String liveArtifact)
      throws SQLException {
    GateMove last =
        lastMove(connection, task)
            .orElseGet(() ->
                new GateMove(
                    clock.instant().truncatedTo(ChronoUnit.MILLIS),
                    task,
                    GateMove.Mode.OBSERVE,
                    null,
                    null,
                    "new task"));
    return switch (last.mode()) {
      case OPEN ->
          new GateState(task, opened(connection, last), last.artifact(), last.at(), last.reason());
      case SHUT ->
          new GateState(
              task, new Gate.Shut(last.reason()), last.artifact(), last.at(), last.reason());
      case OBSERVE -> observed(connection, last, liveArtifact);
    };
  }

  private static void requireCertificate(
      Connection connection, String task, String artifact, String id) throws SQLException {
    KeptCertificate certificate =
        Certificates.byId(connection, id)
            .filter(kept -> kept.task().equals(task) && kept.artifact().equals(artifact))
            .orElseThrow(() ->
                new InvalidValueException(
                    "certificate",
                    "'" + id + "' is none of task " + task + " and artifact " + artifact,
                    "certify that artifact first"));
    Optional<Alarm> alarm = Alarms.last(connection, task);
    if (alarm.isPresent() && !certificate.at().isAfter(alarm.get().at())) {
      throw new InvalidValueException(
          "certificate",
          "'" + id + "' is from before the alarm of " + alarm.get().at(),
          "certify an artifact on audits made since then");
    }
  }

  private static Gate opened(Connection connection, GateMove move) throws SQLException {
    String id = move.certificate();
    Optional<KeptCertificate> kept =
        id == null ? Optional.empty() : Certificates.byId(connection, id);
    return kept.<Gate>map(found -> new Gate.Open(found.certificate().thresholds(), found.id()))
        .orElseGet(() -> new Gate.Shut("its certificate is lost"));
  }

  private static GateState observed(
      Connection connection, GateMove move, @Nullable String liveArtifact) throws SQLException {
    String artifact = liveArtifact == null ? move.artifact() : liveArtifact;
    Optional<KeptCertificate> newest =
        artifact == null
            ? Certificates.latest(connection, move.task())
            : Certificates.latest(connection, move.task(), artifact);
    Thresholds thresholds =
        newest.map(kept -> kept.certificate().thresholds()).orElse(Thresholds.NONE);
    return new GateState(
        move.task(),
        new Gate.Observe(thresholds),
        newest.map(KeptCertificate::artifact).orElse(artifact),
        move.at(),
        move.reason());
  }

  private static Optional<GateMove> lastMove(Connection connection, String task)
      throws SQLException {
    return Statements.first(
        connection, MOVES + " ORDER BY sequence DESC LIMIT 1", GateStore::gateMove, task);
  }

  private static GateMove gateMove(ResultSet result) throws SQLException {
    return new GateMove(
        Instant.ofEpochMilli(result.getLong(1)),
        result.getString(2),
        GateMove.Mode.of(result.getString(3)),
        result.getString(4),
        result.getString(5),
        result.getString(6));
  }

  private static int testsSpent(Connection connection, String task) throws SQLException {
    return Statements.first(
            connection,
            "SELECT coalesce(max(test_index), 0) FROM test_spent WHERE task = ?",
            result -> result.getInt(1),
            task)
        .orElse(0);
  }
}
