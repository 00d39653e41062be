package io.tierwise.gateway.contract;

import io.tierwise.gateway.config.TierwiseConfig.TaskConfig;
import io.tierwise.gateway.flywheel.Due;
import io.tierwise.gateway.flywheel.FlywheelStatus;
import io.tierwise.gateway.store.Accuracy;
import io.tierwise.gateway.store.Alarm;
import io.tierwise.gateway.store.AuditHistory;
import io.tierwise.gateway.store.ContractStores;
import io.tierwise.gateway.store.CorpusCount;
import io.tierwise.gateway.store.CorpusCounts;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.store.DriftStore;
import io.tierwise.gateway.store.Feedback;
import io.tierwise.gateway.store.FeedbackStore;
import io.tierwise.gateway.store.GateState;
import io.tierwise.gateway.store.GateStore;
import io.tierwise.gateway.store.KeptCertificate;
import io.tierwise.gateway.store.NamedDrift;
import io.tierwise.gateway.store.ReviewStore;
import io.tierwise.gateway.store.Slice;
import io.tierwise.gateway.store.SliceStore;
import io.tierwise.gateway.store.TrainingRuns;
import io.tierwise.gateway.store.Watch;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.request.Tenant;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A task's contract as it stands.
 *
 * @param contract as configured now; the certificate carries the one it was tested against
 * @param chat whether it is of a chat's router: then a loss is an answer that is worse than the
 *     strong model's, and not one that differs
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
 * @param drifts the last that were named, the newest first
 */
public record ContractStatus(
    String task,
    Contract contract,
    boolean chat,
    GateState gate,
    int testsSpent,
    @Nullable KeptCertificate certificate,
    @Nullable Watch watch,
    @Nullable Alarm lastAlarm,
    Auditing auditing,
    AuditHistory.Repeats repeats,
    List<Slice> slices,
    Accuracy reviewed,
    Accuracy volunteered,
    FlywheelStatus flywheel,
    List<NamedDrift> drifts) {
  private static final int DRIFTS_SHOWN = 5;

  /** Where it is read from. */
  public record Sources(
      ContractStores contracts,
      SliceStore slices,
      ReviewStore reviews,
      Feedback feedback,
      CorpusCount corpus,
      TrainingRuns runs,
      DriftStore drifts) {
    /** All of it from the embedded store. */
    public static Sources of(Database database, Clock clock) {
      ContractStores contracts = ContractStores.embedded(database, clock);
      return new Sources(
          contracts,
          new SliceStore(database, contracts.gates(), clock),
          ReviewStore.counting(database, clock),
          new FeedbackStore(database, clock),
          new CorpusCounts(database, clock),
          new TrainingRuns(database, clock),
          new DriftStore(database, clock));
    }
  }

  /** The same with no other tenant's slice. */
  public ContractStatus seenBy(Tenant tenant) {
    return new ContractStatus(
        task,
        contract,
        chat,
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
        flywheel,
        drifts);
  }

  /**
   * Reads it from the stores.
   *
   * @param chat whether the task is a chat's router
   */
  public static ContractStatus of(TaskConfig config, boolean chat, Sources sources) {
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
        chat,
        state,
        gates.testsSpent(task),
        certificate,
        watch,
        gates.lastAlarm(task).orElse(null),
        Auditing.of(config.audit(), state.gate(), contracts.audits().spentToday(task).spent()),
        contracts.history().repeats(task),
        artifact == null ? List.of() : sources.slices().of(task, artifact),
        sources.reviews().accuracy(task),
        sources.feedback().volunteered(task),
        FlywheelStatus.of(
            config,
            new Due.Sources(gates, sources.corpus(), sources.runs(), sources.drifts()),
            contracts.watches()),
        sources.drifts().last(task, DRIFTS_SHOWN));
  }
}
