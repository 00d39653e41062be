package io.tierwise.bench.replay;

/**
 * When a stream's next student is trained: at first after so many answers to train on, then
 * whenever they have grown by a factor, for every test of the contract is dearer than the one
 * before. An alarm begins anew.
 */
final class Schedule {
  private final int first;
  private final double growth;
  private int rows;
  private int audits;
  private double next;

  Schedule(int first, double growth) {
    this.first = first;
    this.growth = growth;
    this.next = first;
  }

  /** An answer to train on. */
  void row() {
    rows++;
  }

  /** One more audit. */
  void audit() {
    audits++;
  }

  /** What came before certifies nothing any more. */
  void alarm() {
    rows = 0;
    audits = 0;
    next = first;
  }

  /**
   * @param audits how many the next test wants
   */
  boolean due(double audits) {
    return rows >= next && this.audits >= audits;
  }

  void trained() {
    next = rows * growth;
  }
}
