package io.tierwise.gateway.contract;

import io.tierwise.gateway.store.Alarm;
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
 */
public record ContractStatus(
    String task,
    Contract contract,
    GateState gate,
    int testsSpent,
    @Nullable KeptCertificate certificate,
    @Nullable Watch watch,
    @Nullable Alarm lastAlarm) {

  /** Reads it from the stores. */
  public static ContractStatus of(
      String task, Contract contract, GateStore gates, WatchStore watches) {
    GateState state = gates.state(task);
    String artifact = state.artifact();
    KeptCertificate certificate =
        artifact == null ? null : gates.latestFor(task, artifact).orElse(null);
    Watch watch = certificate == null ? null : watches.watch(task, certificate.id()).orElse(null);
    return new ContractStatus(
        task,
        contract,
        state,
        gates.testsSpent(task),
        certificate,
        watch,
        gates.lastAlarm(task).orElse(null));
  }
}
