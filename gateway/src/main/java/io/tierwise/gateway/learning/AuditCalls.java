package io.tierwise.gateway.learning;

import io.tierwise.gateway.tier.Surroundings;
import io.tierwise.router.contract.JudgedAttempt;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.tier.Attempt;
import java.time.Duration;

/** The calls that audits make, each with its entry in the ledger. */
record AuditCalls(AuditWorker.Setting setting, Surroundings surroundings) {
  Attempt ask(InferenceRequest request) {
    return setting.referee().ask(request);
  }

  JudgedAttempt record(InferenceRequest request, Attempt attempt, long start) {
    Duration latency = Duration.ofNanos(surroundings.ticker().getAsLong() - start);
    return setting.referee().record(request, attempt, latency);
  }
}
