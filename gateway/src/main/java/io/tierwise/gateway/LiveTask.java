package io.tierwise.gateway;

import io.tierwise.gateway.store.Acceptance;
import io.tierwise.gateway.store.AuditHistory;
import io.tierwise.gateway.store.GateState;
import io.tierwise.gateway.store.GateStore;
import io.tierwise.gateway.store.StoreException;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.contract.Gate;
import io.tierwise.router.policy.AcceptanceRates;
import io.tierwise.router.request.Task;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.model.Predictor;
import io.tierwise.student.registry.Registry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Follows a task's live artifact, gate and acceptance rates as other processes move them. Readers
 * never wait; each refresh swaps the whole state in one write.
 */
final class LiveTask implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(LiveTask.class.getName());

  /** A gate that cannot be read for longer is taken for shut: someone may have shut it. */
  private static final Duration LONGEST_UNREAD = Duration.ofSeconds(5);

  private static final int AUDITS_LOOKED_AT = 500;

  private final Task.Classification task;
  private final FittingStudents students;
  private final Contract contract;
  private final Registry registry;
  private final GateStore gates;
  private final AuditHistory audits;
  private final Clock clock;
  private volatile LiveState now =
      new LiveState(null, new Gate.Shut("its state was not read yet"), AcceptanceRates.UNKNOWN);
  private Instant readAt;
  private final Trial trial;
  private @Nullable Predictor retired;
  private @Nullable String trouble;

  LiveTask(
      FittingStudents students,
      Contract contract,
      Registry registry,
      GateStore gates,
      AuditHistory audits,
      Trial trial,
      Clock clock) {
    this.task = students.task();
    this.students = students;
    this.trial = trial;
    this.contract = contract;
    this.registry = registry;
    this.gates = gates;
    this.audits = audits;
    this.clock = clock;
    this.readAt = clock.instant();
  }

  LiveState now() {
    return now;
  }

  /** What a request that comes now is routed by: the live student, or now and then one on trial. */
  LiveState drawn() {
    return trial.drawn().orElse(now);
  }

  /** The live student's version, and that of one on trial. */
  List<String> artifacts() {
    return Stream.concat(now.artifact().stream(), trial.artifact().stream()).toList();
  }

  synchronized void refresh() {
    closeRetired();
    LiveState before = now;
    Predictor student = follow(before.loaded());
    try {
      GateState state =
          version(student)
              .map(version -> gates.state(task.name(), version))
              .orElseGet(() -> gates.state(task.name()));
      now = new LiveState(student, fitting(state, student), rates(state));
      readAt = clock.instant();
    } catch (StoreException e) {
      LOG.log(System.Logger.Level.WARNING, "the gate of " + task.name() + " cannot be read", e);
      boolean tooOld = Duration.between(readAt, clock.instant()).compareTo(LONGEST_UNREAD) > 0;
      boolean changed = !before.artifact().equals(version(student));
      if (tooOld || changed) {
        now = new LiveState(student, new Gate.Shut("its state cannot be read"), before.rates());
      }
    }
    if (!before.artifact().equals(version(student))) {
      retired = before.loaded();
    }
    trial.refresh(version(student), now.rates());
  }

  /**
   * A certificate speaks of one artifact and one contract; for another artifact, or a stricter
   * contract, the gate is shut.
   */
  private Gate fitting(GateState state, @Nullable Predictor student) {
    boolean certified =
        version(student).filter(version -> version.equals(state.artifact())).isPresent();
    return switch (state.gate()) {
      case Gate.Open open -> {
        if (!certified) {
          yield new Gate.Shut("no certificate for the live artifact");
        }
        yield strictEnough(open.certificate())
            ? open
            : new Gate.Shut("its certificate is of a laxer contract than the configured one");
      }
      case Gate.Observe observe -> observe;
      case Gate.Shut shut -> shut;
    };
  }

  /** How often each tier is accepted is asked only where one may be. */
  private AcceptanceRates rates(GateState state) {
    return Acceptance.under(state, audits, task.name(), AUDITS_LOOKED_AT);
  }

  private boolean strictEnough(String certificate) {
    return gates
        .certificate(task.name(), certificate)
        .filter(kept -> kept.certificate().contract().implies(contract))
        .isPresent();
  }

  /** The student that the alias names now; the one before where the new one cannot be used. */
  private @Nullable Predictor follow(@Nullable Predictor before) {
    try {
      Optional<Artifact> artifact = registry.resolve(task.name(), Registry.LIVE);
      Optional<String> version = artifact.map(each -> each.manifest().version());
      Predictor student = version.equals(version(before)) ? before : load(artifact.orElse(null));
      trouble = null;
      return student;
    } catch (IOException | RuntimeException e) {
      // Whatever is wrong with an artifact, the gate must still be followed.
      String words = Objects.toString(e.getMessage(), e.getClass().getName());
      if (!words.equals(trouble)) {
        LOG.log(System.Logger.Level.ERROR, "the live artifact of " + task.name() + ": " + words, e);
      }
      trouble = words;
      return before;
    }
  }

  private @Nullable Predictor load(@Nullable Artifact artifact) throws IOException {
    return artifact == null ? null : students.load(artifact);
  }

  private static Optional<String> version(@Nullable Predictor student) {
    return Optional.ofNullable(student).map(Predictor::version);
  }

  /** A refresh later: requests that began with it have long ended. */
  private void closeRetired() {
    if (retired != null) {
      retired.close();
      retired = null;
    }
  }

  @Override
  public synchronized void close() {
    closeRetired();
    trial.close();
    now.student().ifPresent(Predictor::close);
  }
}
