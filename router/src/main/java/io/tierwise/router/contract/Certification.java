package io.tierwise.router.contract;

/** How a certification ended. */
public sealed interface Certification {
  /** Some thresholds hold the contract. */
  record Certified(Certificate certificate) implements Certification {}

  /**
   * None does, or none that a candidate reaches; the gate stays shut.
   *
   * @param samples n: how many samples there were
   * @param needed the least number with which this test could have certified anything
   */
  record Withheld(String reason, int testIndex, int samples, int needed) implements Certification {}
}
