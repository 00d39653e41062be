package io.tierwise.gateway.learning;

import io.tierwise.gateway.store.AuditHistory;
import io.tierwise.gateway.store.AuditScope;
import io.tierwise.gateway.store.ContractStores;
import io.tierwise.gateway.store.GateLog;
import io.tierwise.gateway.store.GateMove;
import io.tierwise.gateway.store.GateStore;
import io.tierwise.gateway.store.KeptCertificate;
import io.tierwise.router.contract.AuditSample;
import io.tierwise.router.contract.Certification;
import io.tierwise.router.contract.Certifier;
import io.tierwise.router.contract.ConfidenceGrid;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.contract.ThresholdPath;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Opens a task's gate for its live student once the audits certify it that were made while its
 * candidates were only scored: a uniform sample of traffic that the student never saw. Neither
 * texts nor the student are needed for it, only the audits' figures.
 *
 * <p>The first test of a student waits for four times as many audits as can certify anything, so
 * that a few losses are forgiven; each later one for twice as many as the one before. When it is
 * due depends on counts alone, never on losses, and every test spends one of the task's, so the
 * lifetime bound holds. A student whose contract was once in force does not come back by itself,
 * but where the contract has become stricter since it was opened: then no alarm has spoken.
 */
public final class GateOpening {
  /** With ε = δ = 0.05 the first of 288 audits, of which seven may be lost. */
  private static final int ROOM = 4;

  private final String task;
  private final Contract contract;
  private final GateStore gates;
  private final AuditHistory audits;
  private final ThresholdPath path;

  public GateOpening(String task, Contract contract, ContractStores stores) {
    this(task, contract, stores, ConfidenceGrid.path());
  }

  /**
   * @param path of the thresholds that are tested
   */
  public GateOpening(String task, Contract contract, ContractStores stores, ThresholdPath path) {
    this.path = path;
    this.task = task;
    this.contract = contract;
    this.gates = stores.gates();
    this.audits = stores.history();
  }

  /**
   * Tests the live student if that is due, and opens its gate when the test is passed.
   *
   * @return what was found, for people; empty when no test was due
   */
  public Optional<String> look(String artifact) {
    GateLog.Head head = gates.head(task);
    GateMove last = head.last();
    boolean settled =
        (last != null && isOpen(last, artifact))
            ? strictEnough(last.certificate())
            : gates.wasOpenFor(task, artifact);
    if (settled || gates.held(task)) {
      return Optional.empty();
    }
    Optional<KeptCertificate> unused = gates.usable(task, artifact, contract);
    if (unused.isPresent()) {
      return Optional.of(open(artifact, unused.get().id(), "its opening was cut short"));
    }
    List<AuditHistory.Logged> scored = scored(artifact);
    if (scored.size() < wanted(artifact, scored)) {
      return Optional.empty();
    }
    String words = "of " + artifact + " on " + scored.size() + " audits";
    return gates.beginTest(task, artifact, words, head)
        ? Optional.of(test(artifact, scored))
        : Optional.empty();
  }

  private static boolean isOpen(GateMove last, String artifact) {
    return last.mode() == GateMove.Mode.OPEN && artifact.equals(last.artifact());
  }

  private boolean strictEnough(@Nullable String certificate) {
    return certificate != null
        && gates
            .certificate(task, certificate)
            .filter(kept -> kept.certificate().contract().implies(contract))
            .isPresent();
  }

  private List<AuditHistory.Logged> scored(String artifact) {
    Instant since = gates.evidenceSince(task);
    return audits.of(task, new AuditScope.Shadow(artifact), 0).stream()
        .filter(audit -> audit.at().isAfter(since))
        .toList();
  }

  private long wanted(String artifact, List<AuditHistory.Logged> scored) {
    long first = (long) ROOM * contract.fewestSamples(gates.testsSpent(task) + 1);
    long before =
        gates
            .lastTestOf(task, artifact)
            .map(at -> scored.stream().filter(audit -> !audit.at().isAfter(at)).count())
            .orElse(0L);
    return Math.max(first, 2 * before);
  }

  private String test(String artifact, List<AuditHistory.Logged> scored) {
    List<AuditSample> samples = scored.stream().map(audit -> audit.row().sample()).toList();
    Certification certification = Certifier.certify(contract, gates.spendTest(task), path, samples);
    return switch (certification) {
      case Certification.Certified certified -> {
        String id = gates.keep(task, artifact, certified.certificate());
        String reason =
            "certified in test %d: %d of %d audits lost"
                .formatted(
                    certified.certificate().testIndex(),
                    certified.certificate().losses(),
                    certified.certificate().samples());
        yield open(artifact, id, reason);
      }
      case Certification.Withheld withheld ->
          "test %d of %s certifies nothing: %s"
              .formatted(withheld.testIndex(), artifact, withheld.reason());
    };
  }

  private String open(String artifact, String certificate, String reason) {
    gates.open(task, artifact, certificate, reason);
    return "the gate is open for " + artifact + ": " + reason;
  }
}
