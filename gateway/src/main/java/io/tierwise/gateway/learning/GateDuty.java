package io.tierwise.gateway.learning;

/** What a process does about gates, besides following them. */
public enum GateDuty {
  /** Nothing: another process does it. */
  FOLLOW,
  /** Folds audits in, and shuts a gate whose contract is broken. */
  WATCH,
  /**
   * The same, opens the gate of a live student that its audits certify, and makes one live that
   * stood its trial.
   */
  WATCH_AND_OPEN
}
