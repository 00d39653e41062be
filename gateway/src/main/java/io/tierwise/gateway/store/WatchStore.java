package io.tierwise.gateway.store;

import io.tierwise.router.contract.Certificate;
import io.tierwise.router.contract.Gate;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * The watch over every running contract. Each audit is folded in once, by whichever process comes
 * first; when the evidence rings, the gate is shut before the fold is kept, so that a gate that
 * rang can not be found open, wherever a process ends.
 */
public final class WatchStore {
  private final WatchLog log;
  private final AuditHistory audits;
  private final GateStore gates;

  public WatchStore(WatchLog log, AuditHistory audits, GateStore gates) {
    this.log = log;
    this.audits = audits;
    this.gates = gates;
  }

  /** In the embedded store. */
  public WatchStore(Database database, GateStore gates, Clock clock) {
    this(new WatchTable(database), new AuditStore(database, clock), gates);
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
    return openUnder(gates.state(task))
        .flatMap(id -> gates.certificate(task, id))
        .map(kept -> fold(task, kept, true))
        .orElse(Look.NOTHING);
  }

  /**
   * Folds in the audits not yet seen under a certificate that is on trial. It shuts nothing:
   * whoever has it on trial looks whether it rang.
   */
  public Optional<Watch> trial(String task, String certificate) {
    return gates
        .certificate(task, certificate)
        .map(kept ->
            fold(task, kept, false)
                .watch()
                .orElseGet(() -> Watch.over(kept.certificate().contract())));
  }

  /** What the audits under a certificate have shown; empty before the first was folded in. */
  public Optional<Watch> watch(String task, String certificate) {
    return log.watch(task, certificate);
  }

  private Look fold(String task, KeptCertificate kept, boolean running) {
    Certificate terms = kept.certificate();
    Optional<Alarm> alarm = Optional.empty();
    while (true) {
      Optional<Watch> known = log.watch(task, kept.id());
      Watch before = known.orElseGet(() -> Watch.over(terms.contract()));
      List<AuditHistory.Logged> unseen =
          audits.of(task, new AuditScope.Under(kept.id()), before.lastAudit());
      if (unseen.isEmpty()) {
        return new Look(known, alarm);
      }
      Watch watch = before;
      for (AuditHistory.Logged logged : unseen) {
        watch = watch.observe(logged.row(), terms, logged.place());
      }
      if (running && watch.monitor().rang() && alarm.isEmpty()) {
        alarm = gates.ring(task, kept.id(), watch);
      }
      if (log.advance(task, kept.id(), before.lastAudit(), watch)) {
        return new Look(Optional.of(watch), alarm);
      }
    }
  }

  private static Optional<String> openUnder(GateState state) {
    return switch (state.gate()) {
      case Gate.Open open -> Optional.of(open.certificate());
      case Gate.Observe observe -> Optional.empty();
      case Gate.Shut shut -> Optional.empty();
    };
  }
}
