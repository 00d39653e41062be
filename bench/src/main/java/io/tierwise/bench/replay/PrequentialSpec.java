package io.tierwise.bench.replay;

import io.tierwise.router.Requirement;
import io.tierwise.student.artifact.Shape;
import java.util.List;

/**
 * How a stream is replayed.
 *
 * @param shapes of the students that compete, cheapest first
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
    List<Shape> shapes,
    double shutRate,
    double openRate,
    int firstRows,
    double growth,
    double auditsOverNeeded,
    double reviewRate) {
  public PrequentialSpec {
    shapes = List.copyOf(shapes);
    Requirement.openUnit("shutRate", shutRate);
    Requirement.openUnit("openRate", openRate);
    Requirement.positive("firstRows", firstRows);
    Requirement.closedUnit("reviewRate", reviewRate);
  }

  /** The default schedule. */
  public static PrequentialSpec of(ReplaySpec replay, List<Shape> shapes) {
    return new PrequentialSpec(replay, shapes, 0.4, 0.05, 400, 2, 3, 0);
  }

  /** The same against people. */
  public PrequentialSpec againstPeople(double rate) {
    return new PrequentialSpec(
        replay, shapes, shutRate, openRate, firstRows, growth, auditsOverNeeded, rate);
  }
}
