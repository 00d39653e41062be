package io.tierwise.router.contract;

/** What a gate makes of one attempt. */
public enum Verdict {
  /** The candidate is the answer. */
  ACCEPTED,
  /** The candidate would be the answer, were the task not in observe mode or already answered. */
  WOULD_ACCEPT,
  /** There is a candidate, below its threshold or behind a shut gate. */
  PASSED_ON,
  /** There is no candidate. */
  NO_CANDIDATE
}
