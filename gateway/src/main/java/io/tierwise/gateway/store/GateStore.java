package io.tierwise.gateway.store;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.contract.Certificate;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.contract.Gate;
import io.tierwise.router.contract.Thresholds;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Every task's gate with its history, the certificates behind it, and how many tests the task has
 * spent. All of it survives the loss of power, wherever it is kept.
 */
public final class GateStore {
  private final GateLog log;
  private final CertificateLog certificates;
  private final TestCount tests;
  private final Clock clock;

  public GateStore(GateLog log, CertificateLog certificates, TestCount tests, Clock clock) {
    this.log = log;
    this.certificates = certificates;
    this.tests = tests;
    this.clock = clock;
  }

  /** In the embedded store. */
  public GateStore(Database database, Clock clock) {
    this(
        new GateTable(database),
        new CertificateTable(database),
        new TestTable(database, clock),
        clock);
  }

  /**
   * The gate as it was last moved. A task never moved is in observe mode. In observe mode the
   * thresholds are those of the newest certificate of the artifact last seen here.
   */
  public GateState state(String task) {
    return state(task, log.head(task).last(), null);
  }

  /** The same; in observe mode the thresholds are those of this artifact's newest certificate. */
  public GateState state(String task, String liveArtifact) {
    return state(task, log.head(task).last(), liveArtifact);
  }

  /**
   * Lets the artifact's candidates answer from now on.
   *
   * @throws InvalidValueException when the certificate is not one of this task and artifact, or is
   *     from before an alarm
   */
  public GateState open(String task, String artifact, String certificateId, String reason) {
    KeptCertificate certificate =
        certificate(task, certificateId)
            .filter(kept -> kept.artifact().equals(artifact))
            .orElseThrow(() ->
                new InvalidValueException(
                    "certificate",
                    "'%s' is none of task %s and artifact %s"
                        .formatted(certificateId, task, artifact),
                    "certify that artifact first"));
    while (true) {
      GateLog.Head head = log.head(task);
      requireAfter(head.alarm(), certificate);
      GateMove last = head.last();
      if (last != null
          && last.mode() == GateMove.Mode.OPEN
          && certificateId.equals(last.certificate())) {
        return state(task, last, null); // another was faster
      }
      GateMove move =
          new GateMove(now(), task, GateMove.Mode.OPEN, artifact, certificateId, reason);
      if (log.append(move, null, head.revision())) {
        return state(task, move, null);
      }
    }
  }

  private static void requireAfter(@Nullable Alarm alarm, KeptCertificate certificate) {
    if (alarm != null && !certificate.at().isAfter(alarm.at())) {
      throw new InvalidValueException(
          "certificate",
          "'" + certificate.id() + "' is from before the alarm of " + alarm.at(),
          "certify an artifact on audits made since then");
    }
  }

  /** Lets only exact hits and the large model answer from now on. */
  public GateState shut(String task, String reason) {
    return move(task, GateMove.Mode.SHUT, reason);
  }

  /** Lets the large model answer everything from now on; candidates are only scored. */
  public GateState observe(String task, String reason) {
    return move(task, GateMove.Mode.OBSERVE, reason);
  }

  private GateState move(String task, GateMove.Mode mode, String reason) {
    while (true) {
      GateLog.Head head = log.head(task);
      GateMove move = new GateMove(now(), task, mode, artifact(head), null, reason);
      if (log.append(move, null, head.revision())) {
        return state(task, move, null);
      }
    }
  }

  /**
   * Shuts a gate that is open under a certificate whose watch rang.
   *
   * @return the alarm; empty when the gate is no longer open under it, so that another was faster
   */
  Optional<Alarm> ring(String task, String certificate, Watch watch) {
    while (true) {
      GateLog.Head head = log.head(task);
      GateMove last = head.last();
      if (last == null
          || last.mode() != GateMove.Mode.OPEN
          || !certificate.equals(last.certificate())) {
        return Optional.empty();
      }
      Alarm alarm =
          new Alarm(
              task, certificate, watch.monitor().evidence(), watch.audits(), watch.lost(), now());
      String reason =
          String.format(
              Locale.ROOT,
              GateMove.ALARM + "%d of %d audits lost under %s, against %s allowed",
              watch.lost(),
              watch.audits(),
              certificate,
              watch.monitor().epsilon());
      GateMove move = new GateMove(now(), task, GateMove.Mode.SHUT, artifact(head), null, reason);
      if (log.append(move, alarm, head.revision())) {
        return Optional.of(alarm);
      }
    }
  }

  /** Where a task's gate stands, for who decides by it. */
  public GateLog.Head head(String task) {
    return log.head(task);
  }

  /**
   * Notes that a test of a student begins whose candidates are only scored. The gate stays as it
   * is; of several who would make the test, one may.
   *
   * @param head that the test was found due by
   * @return false when the gate's log has gone on since then
   */
  public boolean beginTest(String task, String artifact, String words, GateLog.Head head) {
    GateMove last = head.last();
    GateMove.Mode mode = last == null ? GateMove.Mode.OBSERVE : last.mode();
    if (mode == GateMove.Mode.OPEN) {
      mode = GateMove.Mode.SHUT;
    }
    return log.append(
        new GateMove(now(), task, mode, artifact, null, GateMove.TEST + words),
        null,
        head.revision());
  }

  /** When the last test of a student began whose candidates were only scored; empty for none. */
  public Optional<Instant> lastTestOf(String task, String artifact) {
    return history(task).reversed().stream()
        .filter(move -> move.reason().startsWith(GateMove.TEST))
        .filter(move -> artifact.equals(move.artifact()))
        .map(GateMove::at)
        .findFirst();
  }

  /** All moves of a task's gate, oldest first. */
  public List<GateMove> history(String task) {
    return log.moves(task);
  }

  /**
   * Spends the task's next test: j, from 1. No two callers in any process are ever given the same,
   * and it never resets.
   */
  public int spendTest(String task) {
    return tests.spend(task);
  }

  /** How many tests the task has spent so far. */
  public int testsSpent(String task) {
    return tests.spent(task);
  }

  /**
   * Keeps a certificate.
   *
   * @return its id, the same whenever the same evidence for the same artifact is kept again
   */
  public String keep(String task, String artifact, Certificate certificate) {
    KeptCertificate kept = KeptCertificate.of(task, artifact, certificate, now());
    certificates.add(kept);
    return kept.id();
  }

  public Optional<KeptCertificate> certificate(String task, String id) {
    return newest(task, kept -> kept.id().equals(id));
  }

  /** The certificate kept last for a task's artifact. */
  public Optional<KeptCertificate> latestFor(String task, String artifact) {
    return newest(task, kept -> kept.artifact().equals(artifact));
  }

  private Optional<KeptCertificate> newest(String task, Predicate<KeptCertificate> which) {
    return certificates.of(task).reversed().stream().filter(which).findFirst();
  }

  /**
   * The newest certificate of an artifact, if it may open the gate now: it is from after the last
   * alarm, and of a contract that implies this one.
   */
  public Optional<KeptCertificate> usable(String task, String artifact, Contract contract) {
    Instant alarm = evidenceSince(task);
    return latestFor(task, artifact)
        .filter(kept -> kept.at().isAfter(alarm))
        .filter(kept -> kept.certificate().contract().implies(contract));
  }

  /** The same for an artifact on trial: one that the gate was never open for. */
  public Optional<KeptCertificate> usableOnTrial(String task, String artifact, Contract contract) {
    return wasOpenFor(task, artifact) ? Optional.empty() : usable(task, artifact, contract);
  }

  /** Whether the gate has ever been open for an artifact. */
  public boolean wasOpenFor(String task, String artifact) {
    return history(task).stream()
        .anyMatch(move -> move.mode() == GateMove.Mode.OPEN && artifact.equals(move.artifact()));
  }

  /** Whether somebody keeps a task's gate from opening: it was moved by hand, not by an alarm. */
  public boolean held(String task) {
    GateMove last = log.head(task).last();
    return last != null && last.holdsBack();
  }

  /** The task's last alarm; audits from before it certify nothing any more. */
  public Optional<Alarm> lastAlarm(String task) {
    return Optional.ofNullable(log.head(task).alarm());
  }

  /** What came after this moment may certify: the last alarm's, or the beginning of time. */
  public Instant evidenceSince(String task) {
    return lastAlarm(task).map(Alarm::at).orElse(Instant.EPOCH);
  }

  private GateState state(String task, @Nullable GateMove last, @Nullable String liveArtifact) {
    if (last == null) {
      return observed(
          new GateMove(now(), task, GateMove.Mode.OBSERVE, null, null, "new task"), liveArtifact);
    }
    return switch (last.mode()) {
      case OPEN -> new GateState(task, opened(last), last.artifact(), last.at(), last.reason());
      case SHUT ->
          new GateState(
              task, new Gate.Shut(last.reason()), last.artifact(), last.at(), last.reason());
      case OBSERVE -> observed(last, liveArtifact);
    };
  }

  private Gate opened(GateMove move) {
    String id = move.certificate();
    Optional<KeptCertificate> kept = id == null ? Optional.empty() : certificate(move.task(), id);
    return kept.<Gate>map(found -> new Gate.Open(found.certificate().thresholds(), found.id()))
        .orElseGet(() -> new Gate.Shut("its certificate is lost"));
  }

  private GateState observed(GateMove move, @Nullable String liveArtifact) {
    String artifact = liveArtifact == null ? move.artifact() : liveArtifact;
    Optional<KeptCertificate> newest =
        newest(move.task(), kept -> artifact == null || kept.artifact().equals(artifact));
    Thresholds thresholds =
        newest.map(kept -> kept.certificate().thresholds()).orElse(Thresholds.NONE);
    return new GateState(
        move.task(),
        new Gate.Observe(thresholds),
        newest.map(KeptCertificate::artifact).orElse(artifact),
        move.at(),
        move.reason());
  }

  private static @Nullable String artifact(GateLog.Head head) {
    GateMove last = head.last();
    return last == null ? null : last.artifact();
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
