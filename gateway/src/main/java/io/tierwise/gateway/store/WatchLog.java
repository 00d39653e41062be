package io.tierwise.gateway.store;

import java.util.Optional;

/** How far every watch has come. Trouble with the store is a {@link StoreException}. */
public interface WatchLog {
  /** What the audits under a certificate have shown; empty before the first was folded in. */
  Optional<Watch> watch(String task, String certificate);

  /**
   * Keeps a watch that has folded in more audits.
   *
   * @param from the place of the last audit that it knew before; 0 for none
   * @return false when another was faster; nothing is kept
   */
  boolean advance(String task, String certificate, long from, Watch watch);
}
