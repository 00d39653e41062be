package io.tierwise.gateway.store;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Who is asking the large model for an audit that a queue has delivered, and what it has answered.
 * Trouble with the store is a {@link StoreException}.
 */
public interface AuditClaims {
  /**
   * Claims the call for a request's audit, where it is still to be made and nobody is at it.
   *
   * @param lease after which whoever claimed it and said nothing more is taken for dead
   */
  Claim claim(String task, String requestId, Duration lease);

  /** Keeps what came of a claimed call, before anything is made of it. */
  void answered(String task, String requestId, Answered answer);

  /** Gives a claim up: nothing was asked. */
  void release(String task, String requestId);

  /** How it stands with the call for an audit. */
  sealed interface Claim {
    /**
     * It is the caller's to make.
     *
     * @param lost calls that were begun before, of which nobody knows what came
     */
    record Granted(int lost) implements Claim {}

    /** Another is at it. */
    record Elsewhere() implements Claim {}

    /** It was made, and the audit is still to be kept. */
    record Made(Answered answer) implements Claim {}

    /** The audit is kept. */
    record Kept() implements Claim {}
  }

  /**
   * What came of a call.
   *
   * @param reference the large model's answer; null where it gave no usable one
   * @param receipts the call's entries of the ledger, one a line
   */
  record Answered(@Nullable String reference, String receipts) {}
}
