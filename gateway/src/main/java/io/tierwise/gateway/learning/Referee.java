package io.tierwise.gateway.learning;

import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.tier.Attempt;
import java.time.Duration;

/** Knows what the answer to an audited request should have been. */
public interface Referee {
  /** Asks, with time enough. The answer is the reference; trouble is that of whoever was asked. */
  Attempt ask(InferenceRequest request);

  /** How long asking may take. */
  Duration patience();

  /**
   * The audit's entry for the ledger, with all the calls that it took.
   *
   * @param attempt the last that {@link #ask} gave, with the usage of those before it
   */
  LedgerEntry entry(InferenceRequest request, Attempt attempt, Duration latency);
}
