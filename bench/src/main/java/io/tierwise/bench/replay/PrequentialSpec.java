package io.tierwise.bench.replay;

import io.tierwise.distill.cycle.Contestants;
import io.tierwise.router.Requirement;

/**
 * How a stream is replayed.
 *
 * @param contestants the students that compete
 * @param shutRate of the audit coin while the large model answers everything anyway
 * @param openRate while students answer: every audit of theirs costs a large call
 * @param firstRows answers to train on before the first student
 * @param growth of the answers to train on from one student to the next
 * @param auditsOverNeeded audits before a test, in those without which it could certify nothing
 * @param reviewRate the share of the large model's answers that people are asked about; above 0 the
 *     contract is against people: no less often right than the large model
 */
public record PrequentialSpec(
    ReplaySpec replay,
    Contestants contestants,
    double shutRate,
    double openRate,
    int firstRows,
    double growth,
    double auditsOverNeeded,
    double reviewRate) {
  public PrequentialSpec {
    Requirement.openUnit("shutRate", shutRate);
    Requirement.openUnit("openRate", openRate);
    Requirement.positive("firstRows", firstRows);
    Requirement.closedUnit("reviewRate", reviewRate);
  }

  /** The default schedule. */
  public static PrequentialSpec of(ReplaySpec replay, Contestants contestants) {
    return new PrequentialSpec(replay, contestants, 0.4, 0.05, 400, 2, 3, 0);
  }

  /** The same against people, who judge one student alone. */
  public PrequentialSpec againstPeople(double rate) {
    return new PrequentialSpec(
        replay, contestants.alone(), shutRate, openRate, firstRows, growth, auditsOverNeeded, rate);
  }
}
