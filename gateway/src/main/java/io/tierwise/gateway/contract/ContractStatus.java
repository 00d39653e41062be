package io.tierwise.gateway.contract;

import io.tierwise.gateway.config.TierwiseConfig.TaskConfig;
import io.tierwise.gateway.flywheel.Due;
import io.tierwise.gateway.flywheel.FlywheelStatus;
import io.tierwise.gateway.store.Alarm;
import io.tierwise.gateway.store.ContractStores;
import io.tierwise.gateway.store.CorpusCount;
import io.tierwise.gateway.store.CorpusCounts;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.store.GateState;
import io.tierwise.gateway.store.GateStore;
import io.tierwise.gateway.store.KeptCertificate;
import io.tierwise.gateway.store.TrainingRuns;
import io.tierwise.gateway.store.Watch;
import io.tierwise.router.contract.Contract;
import java.time.Clock;
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
 * @param flywheel what is to come after it
 */
public record ContractStatus(
    String task,
    Contract contract,
    GateState gate,
    int testsSpent,
    @Nullable KeptCertificate certificate,
    @Nullable Watch watch,
    @Nullable Alarm lastAlarm,
    Auditing auditing,
    FlywheelStatus flywheel) {
  /** Where it is read from. */
  public record Sources(ContractStores contracts, CorpusCount corpus, TrainingRuns runs) {
    /** All of it from the embedded store. */
    public static Sources of(Database database, Clock clock) {
      return new Sources(
          ContractStores.embedded(database, clock),
          new CorpusCounts(database, clock),
          new TrainingRuns(database, clock));
    }
  }

  /** Reads it from the stores. */
  public static ContractStatus of(TaskConfig config, Sources sources) {
    String task = config.name();
    ContractStores contracts = sources.contracts();
    GateStore gates = contracts.gates();
    GateState state = gates.state(task);
    String artifact = state.artifact();
    KeptCertificate certificate =
        artifact == null ? null : gates.latestFor(task, artifact).orElse(null);
    Watch watch =
        certificate == null ? null : contracts.watches().watch(task, certificate.id()).orElse(null);
    return new ContractStatus(
        task,
        config.contract(),
        state,
        gates.testsSpent(task),
        certificate,
        watch,
        gates.lastAlarm(task).orElse(null),
        Auditing.of(config.audit(), state.gate(), contracts.audits().spentToday(task).spent()),
        FlywheelStatus.of(
            config, new Due.Sources(gates, sources.corpus(), sources.runs()), contracts.watches()));
  }
}
