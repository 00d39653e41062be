package io.tierwise.gateway.contract;

import io.tierwise.gateway.config.TierwiseConfig.TaskConfig;
import io.tierwise.gateway.store.Alarm;
import io.tierwise.gateway.store.AuditStore;
import io.tierwise.gateway.store.GateState;
import io.tierwise.gateway.store.GateStore;
import io.tierwise.gateway.store.KeptCertificate;
import io.tierwise.gateway.store.Watch;
import io.tierwise.gateway.store.WatchStore;
import io.tierwise.router.contract.Contract;
import org.jspecify.annotations.Nullable;

/**
 * A task's contract as it stands.
 *
 * @param contract as configured now; the certificate carries the one it was tested against
 * @param gate where the gate is
 * @param testsSpent j of the last test
 * @param certificate of the gate's artifact, the newest; null while there is none
 * @param watch what the audits under it have shown; null before the first
 * @param lastAlarm null when there was none
 * @param auditing how fast evidence comes in
 */
public record ContractStatus(
    String task,
    Contract contract,
    GateState gate,
    int testsSpent,
    @Nullable KeptCertificate certificate,
    @Nullable Watch watch,
    @Nullable Alarm lastAlarm,
    Auditing auditing) {

  /** Reads it from the stores. */
  public static ContractStatus of(
      TaskConfig config, GateStore gates, WatchStore watches, AuditStore audits) {
    String task = config.name();
    GateState state = gates.state(task);
    String artifact = state.artifact();
    KeptCertificate certificate =
        artifact == null ? null : gates.latestFor(task, artifact).orElse(null);
    Watch watch = certificate == null ? null : watches.watch(task, certificate.id()).orElse(null);
    return new ContractStatus(
        task,
        config.contract(),
        state,
        gates.testsSpent(task),
        certificate,
        watch,
        gates.lastAlarm(task).orElse(null),
        Auditing.of(config.audit(), state.gate(), audits.spentToday(task).spent()));
  }
}
