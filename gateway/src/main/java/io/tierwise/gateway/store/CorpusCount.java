package io.tierwise.gateway.store;

import java.time.Instant;

/** How much a corpus holds; needs no key. Trouble with the store is a {@link StoreException}. */
@FunctionalInterface
public interface CorpusCount {
  /**
   * The task's rows whose time to live has not passed.
   *
   * @param audited which of the two kinds
   * @param after only those added after this moment
   */
  int count(String task, boolean audited, Instant after);
}
