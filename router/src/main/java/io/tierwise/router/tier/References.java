package io.tierwise.router.tier;

/**
 * Learns of every answer the large model gives: the caches and the corpus. Never throws: the answer
 * is already paid for and recorded, so trouble here is logged and the answer still leaves.
 */
@FunctionalInterface
public interface References {
  void observe(Reference reference);
}
