package io.tierwise.gateway;

import io.tierwise.gateway.store.GateStore;
import io.tierwise.gateway.store.KeptCertificate;
import io.tierwise.gateway.store.StoreException;
import io.tierwise.gateway.store.Watch;
import io.tierwise.gateway.store.WatchStore;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.contract.Gate;
import io.tierwise.router.policy.AcceptanceRates;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.model.Predictor;
import io.tierwise.student.registry.Registry;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Follows the student that a task has on trial, and lets it answer a share of the requests under
 * its own certificate. Which is on trial is said by the registry's canary and the certificates
 * alone, so that a restart goes on with it. Trouble with it never touches the live student.
 */
final class Trial implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Trial.class.getName());

  private final FittingStudents students;
  private final Contract contract;
  private final Evidence evidence;
  private final double share;
  private final RandomGenerator random;
  private volatile @Nullable LiveState now;
  private @Nullable Predictor retired;
  private @Nullable String trouble;

  /** Where it is known from. */
  record Evidence(Registry registry, GateStore gates, WatchStore watches) {}

  /**
   * @param share of the requests that it answers; 0 for no trials at all
   * @param random shared by all requests; only used under its own lock
   */
  Trial(
      FittingStudents students,
      Contract contract,
      Evidence evidence,
      double share,
      RandomGenerator random) {
    this.students = students;
    this.contract = contract;
    this.evidence = evidence;
    this.share = share;
    this.random = random;
  }

  /**
   * What the share's next request is routed by; empty for the others, and while none is on trial.
   */
  Optional<LiveState> drawn() {
    LiveState current = now;
    if (current == null) {
      return Optional.empty();
    }
    synchronized (random) {
      return random.nextDouble() < share ? Optional.of(current) : Optional.empty();
    }
  }

  /** The version of the student on trial; empty while none is. */
  Optional<String> artifact() {
    LiveState current = now;
    return current == null ? Optional.empty() : current.artifact();
  }

  /** Not thread-safe. */
  void refresh(Optional<String> live, AcceptanceRates rates) {
    if (share == 0) {
      return;
    }
    closeRetired();
    LiveState before = now;
    LiveState next = null;
    try {
      next = follow(before, live, rates);
      trouble = null;
    } catch (IOException | RuntimeException e) {
      String words = Objects.toString(e.getMessage(), e.getClass().getName());
      if (!words.equals(trouble)) {
        LOG.log(
            System.Logger.Level.ERROR,
            "the student of " + students.task().name() + " on trial: " + words,
            e);
      }
      trouble = words;
    }
    now = next;
    Predictor loaded = before == null ? null : before.loaded();
    if (loaded != null && (next == null || !loaded.equals(next.loaded()))) {
      retired = loaded;
    }
  }

  private @Nullable LiveState follow(
      @Nullable LiveState before, Optional<String> live, AcceptanceRates rates) throws IOException {
    String task = students.task().name();
    Artifact artifact = evidence.registry().resolve(task, Registry.CANARY).orElse(null);
    if (artifact == null || Optional.of(artifact.manifest().version()).equals(live)) {
      return null;
    }
    String version = artifact.manifest().version();
    Optional<KeptCertificate> kept = onTrial(task, version);
    if (kept.isEmpty()) {
      return null;
    }
    Predictor known = before == null ? null : before.loaded();
    Predictor student =
        known != null && known.version().equals(version) ? known : students.load(artifact);
    KeptCertificate certificate = kept.get();
    return new LiveState(
        student, new Gate.Open(certificate.certificate().thresholds(), certificate.id()), rates);
  }

  private Optional<KeptCertificate> onTrial(String task, String version) throws StoreException {
    if (evidence.gates().held(task)) {
      return Optional.empty();
    }
    return evidence
        .gates()
        .usableOnTrial(task, version, contract)
        .filter(kept ->
            evidence
                .watches()
                .watch(task, kept.id())
                .map(Watch::monitor)
                .filter(monitor -> monitor.rang())
                .isEmpty());
  }

  /** A refresh later: requests that began with it have long ended. */
  private void closeRetired() {
    if (retired != null) {
      retired.close();
      retired = null;
    }
  }

  @Override
  public void close() {
    closeRetired();
    LiveState last = now;
    if (last != null) {
      last.student().ifPresent(Predictor::close);
    }
  }
}
