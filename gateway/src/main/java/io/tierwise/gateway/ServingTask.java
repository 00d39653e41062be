package io.tierwise.gateway;

import io.micrometer.core.instrument.Tags;
import io.tierwise.gateway.learning.ContractWatch;
import io.tierwise.gateway.learning.DriftNaming;
import io.tierwise.gateway.learning.QueuedAudits;
import io.tierwise.gateway.learning.SpooledAudits;
import io.tierwise.gateway.metrics.Metrics;
import io.tierwise.gateway.store.StoreException;
import io.tierwise.router.Cascade;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.contract.Gate;
import io.tierwise.router.policy.Decision;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.request.InputForm;
import io.tierwise.router.request.Task;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One task at work.
 *
 * @param form what its inputs are
 * @param patience how long a request may take in all
 * @param rowsAtOnce how many requests of one batch are under way at most
 * @param audits those that are drawn here
 * @param queued those that another process has drawn
 * @param slices the tenants' own gates; null where the contract is for all together
 * @param drifts who names them; null where another process keeps the audits
 */
record ServingTask(
    Task.Classification task,
    InputForm form,
    Contract contract,
    Duration patience,
    int rowsAtOnce,
    LiveTask live,
    Cascade cascade,
    SpooledAudits audits,
    QueuedAudits queued,
    ContractWatch watch,
    Caches caches,
    ReviewDraw reviews,
    @Nullable Slices slices,
    @Nullable DriftNaming drifts) {
  private static final System.Logger LOG = System.getLogger(ServingTask.class.getName());
  private static final List<String> GATE_STATES = List.of("open", "observe", "shut");

  /** The state that the current request is routed by. */
  static final ScopedValue<LiveState> STATE = ScopedValue.newInstance();

  Decision answer(InferenceRequest request) {
    LiveState drawn = live.drawn();
    LiveState state =
        slices == null
            ? drawn
            : slices.of(drawn, live.now().artifact(), request.context().tenant());
    return ScopedValue.where(STATE, state).call(() -> cascade.answer(request));
  }

  /** Looks at once what the audits say and what other processes have moved. */
  void refresh() {
    try {
      watch.look(live.now().artifact());
    } catch (StoreException e) {
      LOG.log(System.Logger.Level.WARNING, "the audits of " + task.name() + " wait unread", e);
    }
    if (drifts != null) {
      try {
        drifts.look(live.now().artifact());
      } catch (StoreException e) {
        LOG.log(System.Logger.Level.WARNING, "drifts of " + task.name() + " wait unnamed", e);
      }
    }
    live.refresh();
    audits.refresh();
    if (slices != null) {
      try {
        slices.refresh(live.artifacts());
      } catch (StoreException e) {
        LOG.log(System.Logger.Level.WARNING, "the slices of " + task.name() + " stay", e);
      }
    }
  }

  /** Shows the state of its gate in the metrics, in the place of one of the same name. */
  void show(Metrics metrics) {
    metrics.state(
        "tierwise.gate.state",
        "The state of a task's gate",
        Tags.of("task", task.name()),
        GATE_STATES,
        () ->
            switch (live.now().gate()) {
              case Gate.Open open -> "open";
              case Gate.Observe observe -> "observe";
              case Gate.Shut shut -> "shut";
            });
  }
}
