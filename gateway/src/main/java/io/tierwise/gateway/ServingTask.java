package io.tierwise.gateway;

import io.tierwise.gateway.learning.AuditWorker;
import io.tierwise.gateway.learning.ContractWatch;
import io.tierwise.router.Cascade;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.policy.Decision;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.request.Task;
import java.time.Duration;

/**
 * One task at work.
 *
 * @param patience how long a request may take in all
 * @param rowsAtOnce how many requests of one batch are under way at most
 */
record ServingTask(
    Task.Classification task,
    Contract contract,
    Duration patience,
    int rowsAtOnce,
    LiveTask live,
    Cascade cascade,
    AuditWorker audits,
    ContractWatch watch) {
  /** The state that the current request is routed by. */
  static final ScopedValue<LiveState> STATE = ScopedValue.newInstance();

  Decision answer(InferenceRequest request) {
    return ScopedValue.where(STATE, live.now()).call(() -> cascade.answer(request));
  }
}
