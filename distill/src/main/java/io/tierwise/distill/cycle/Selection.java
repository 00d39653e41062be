package io.tierwise.distill.cycle;

import io.tierwise.distill.certify.CertifyJob;
import io.tierwise.router.contract.AuditSample;
import io.tierwise.router.contract.ConfidenceGrid;
import java.util.List;
import java.util.OptionalInt;

/**
 * Who of a contest is put to the test: the student that promises to save the most under the
 * contract, or two in line where that promises more than any alone.
 *
 * @param first its place among the contestants, from 0
 * @param second the place of the one behind it; empty where the first is alone
 * @param lead how much surer the first of a line must be, in log-odds
 * @param saving of a large call, a request
 */
record Selection(int first, OptionalInt second, double lead, double saving) {
  /**
   * What a later student's pass costs more than the one's before, in large calls. Its price is
   * below that; its memory and its time are not among the prices.
   */
  private static final double DEARER = 0.005;

  /** How much surer the first of a line may have to be: at 3 some twenty times. */
  private static final double[] LEADS = {0, 1, 2, 3};

  /** What a line must promise beyond any student alone: the best of several looks too good. */
  private static final double BEST_OF_SEVERAL = 0.01;

  /**
   * @param proposals each contestant's, for the same answers, cheapest first; none learned from one
   * @param line whether two may win together
   */
  static Selection of(double epsilon, List<List<AuditSample.Scored>> proposals, boolean line) {
    Selection alone = alone(epsilon, proposals);
    return line ? inLine(epsilon, proposals, alone) : alone;
  }

  private static Selection alone(double epsilon, List<List<AuditSample.Scored>> proposals) {
    Selection best = new Selection(0, OptionalInt.empty(), 0, Double.NEGATIVE_INFINITY);
    for (int first = 0; first < proposals.size(); first++) {
      List<AuditSample> samples =
          proposals.get(first).stream()
              .map(each -> AuditSample.student(each.confidence(), each.agrees()))
              .toList();
      double saving = new Saving(epsilon, first * DEARER, 0).of(ConfidenceGrid.path(), samples);
      if (saving > best.saving) {
        best = new Selection(first, OptionalInt.empty(), 0, saving);
      }
    }
    return best;
  }

  private static Selection inLine(
      double epsilon, List<List<AuditSample.Scored>> proposals, Selection alone) {
    Selection best = alone;
    double most = alone.saving + BEST_OF_SEVERAL;
    for (int first = 0; first < proposals.size(); first++) {
      for (int second = first + 1; second < proposals.size(); second++) {
        Saving economics = new Saving(epsilon, first * DEARER, second * DEARER);
        List<AuditSample> samples = CertifyJob.inLine(proposals.get(first), proposals.get(second));
        for (double lead : LEADS) {
          double saving = economics.of(ConfidenceGrid.line(lead), samples);
          if (saving > most) {
            best = new Selection(first, OptionalInt.of(second), lead, saving);
            most = saving;
          }
        }
      }
    }
    return best;
  }
}
