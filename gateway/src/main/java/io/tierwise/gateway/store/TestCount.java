package io.tierwise.gateway.store;

/**
 * How many tests every task has spent. It never resets, and a test that was given out stays spent.
 * Trouble with the store is a {@link StoreException}.
 */
public interface TestCount {
  /** Spends the task's next test: j, from 1. No two callers are ever given the same. */
  int spend(String task);

  /** The last j; 0 before the first. */
  int spent(String task);
}
