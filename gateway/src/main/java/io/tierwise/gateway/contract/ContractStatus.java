package io.tierwise.gateway.contract;

import io.tierwise.gateway.config.TierwiseConfig.TaskConfig;
import io.tierwise.gateway.flywheel.Due;
import io.tierwise.gateway.flywheel.FlywheelStatus;
import io.tierwise.gateway.store.Accuracy;
import io.tierwise.gateway.store.Alarm;
import io.tierwise.gateway.store.AuditStore;
import io.tierwise.gateway.store.CorpusCounts;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.store.FeedbackStore;
import io.tierwise.gateway.store.GateState;
import io.tierwise.gateway.store.GateStore;
import io.tierwise.gateway.store.KeptCertificate;
import io.tierwise.gateway.store.ReviewStore;
import io.tierwise.gateway.store.Slice;
import io.tierwise.gateway.store.SliceStore;
import io.tierwise.gateway.store.TrainingRuns;
import io.tierwise.gateway.store.Watch;
import io.tierwise.gateway.store.WatchStore;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.request.Tenant;
import java.time.Clock;
import java.util.List;
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
 * @param repeats what asking the large model twice has shown
 * @param slices the tenants' own certificates for the gate's artifact
 * @param reviewed what people say of answers that were drawn by chance
 * @param volunteered what callers say of answers of their choice
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
    AuditStore.Repeats repeats,
    List<Slice> slices,
    Accuracy reviewed,
    Accuracy volunteered,
    FlywheelStatus flywheel) {
  /** Where it is read from. */
  public record Sources(
      GateStore gates,
      WatchStore watches,
      AuditStore audits,
      SliceStore slices,
      ReviewStore reviews,
      FeedbackStore feedback,
      CorpusCounts corpus,
      TrainingRuns runs) {
    /** All of it from one store. */
    public static Sources of(Database database, Clock clock) {
      GateStore gates = new GateStore(database, clock);
      return new Sources(
          gates,
          new WatchStore(database, gates, clock),
          new AuditStore(database, clock),
          new SliceStore(database, gates, clock),
          ReviewStore.counting(database, clock),
          new FeedbackStore(database, clock),
          new CorpusCounts(database, clock),
          new TrainingRuns(database, clock));
    }
  }

  /** The same with no other tenant's slice. */
  public ContractStatus seenBy(Tenant tenant) {
    return new ContractStatus(
        task,
        contract,
        gate,
        testsSpent,
        certificate,
        watch,
        lastAlarm,
        auditing,
        repeats,
        slices.stream().filter(slice -> slice.tenant().equals(tenant.name())).toList(),
        reviewed,
        volunteered,
        flywheel);
  }

  /** Reads it from the stores. */
  public static ContractStatus of(TaskConfig config, Sources sources) {
    String task = config.name();
    GateStore gates = sources.gates();
    GateState state = gates.state(task);
    String artifact = state.artifact();
    KeptCertificate certificate =
        artifact == null ? null : gates.latestFor(task, artifact).orElse(null);
    Watch watch =
        certificate == null ? null : sources.watches().watch(task, certificate.id()).orElse(null);
    return new ContractStatus(
        task,
        config.contract(),
        state,
        gates.testsSpent(task),
        certificate,
        watch,
        gates.lastAlarm(task).orElse(null),
        Auditing.of(config.audit(), state.gate(), sources.audits().spentToday(task).spent()),
        sources.audits().repeats(task),
        artifact == null ? List.of() : sources.slices().of(task, artifact),
        sources.reviews().accuracy(task),
        sources.feedback().volunteered(task),
        FlywheelStatus.of(
            config, new Due.Sources(gates, sources.corpus(), sources.runs()), sources.watches()));
  }
}
