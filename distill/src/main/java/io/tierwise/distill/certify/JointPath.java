package io.tierwise.distill.certify;

import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.AuditSample;
import io.tierwise.router.contract.ThresholdPath;
import io.tierwise.router.contract.Thresholds;
import io.tierwise.router.tier.TierName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The path along which the thresholds of the student and of the semantic cache move together: at
 * every step both let through what agrees with the large model with the same probability, which
 * covers most for a given risk. The student's confidence is that probability already; a similarity
 * is turned into it by a logistic curve, fitted to a tuning split that certifies nothing (Platt:
 * Probabilistic outputs for support vector machines, 1999).
 */
final class JointPath {
  /** Beside what was seen: the same text agrees, and one half as near does not. */
  private static final double FARTHEST = 0.5;

  private static final int MOST_STEPS = 100;
  private static final double CONVERGED = 1e-10;
  private static final double RIDGE = 1e-6;

  private JointPath() {}

  /**
   * Strict to lax, at the probabilities of the student's own path; where two are in line, those of
   * the second, which is along the grid.
   */
  static ThresholdPath of(ThresholdPath alone, List<AuditSample.Scored> tuning) {
    Curve curve = Curve.fitted(tuning);
    List<Thresholds> steps = new ArrayList<>();
    for (Thresholds step : alone.steps()) {
      Map<TierName, Confidence> both = new EnumMap<>(step.byTier());
      double probability = Collections.min(step.byTier().values()).value();
      double similarity = curve.similarity(probability);
      // What no similarity reaches has no threshold, and passes nothing.
      if (similarity <= 1) {
        both.put(TierName.SEMANTIC_CACHE, new Confidence(Math.max(0, similarity)));
      }
      steps.add(new Thresholds(both));
    }
    return new ThresholdPath(steps);
  }

  /** P(agree | similarity) = 1 / (1 + exp(−(intercept + slope · similarity))). */
  record Curve(double intercept, double slope) {
    static Curve fitted(List<AuditSample.Scored> seen) {
      List<AuditSample.Scored> all = new ArrayList<>(seen);
      all.add(new AuditSample.Scored(Confidence.FULL, true));
      all.add(new AuditSample.Scored(new Confidence(FARTHEST), false));
      long agreeing = all.stream().filter(AuditSample.Scored::agrees).count();
      // Platt's targets keep the curve finite where the two kinds do not overlap.
      double high = (agreeing + 1.0) / (agreeing + 2.0);
      double low = 1.0 / (all.size() - agreeing + 2.0);
      double intercept = 0;
      double slope = 0;
      for (int step = 0; step < MOST_STEPS; step++) {
        double[] move = newton(all, intercept, slope, high, low);
        intercept -= move[0];
        slope -= move[1];
        if (Math.abs(move[0]) + Math.abs(move[1]) < CONVERGED) {
          break;
        }
      }
      return new Curve(intercept, slope);
    }

    /** Newton's step for the cross-entropy: the inverse Hessian times the gradient. */
    private static double[] newton(
        List<AuditSample.Scored> all, double intercept, double slope, double high, double low) {
      double first = 0;
      double second = 0;
      double squares = RIDGE;
      double mixed = 0;
      double weights = RIDGE;
      for (AuditSample.Scored each : all) {
        double x = each.confidence().value();
        double p = 1 / (1 + StrictMath.exp(-(intercept + slope * x)));
        double error = p - (each.agrees() ? high : low);
        double weight = p * (1 - p);
        first += error;
        second += error * x;
        weights += weight;
        mixed += weight * x;
        squares += weight * x * x;
      }
      double determinant = weights * squares - mixed * mixed;
      return new double[] {
        (squares * first - mixed * second) / determinant,
        (weights * second - mixed * first) / determinant
      };
    }

    /** Where the curve reaches a probability; above 1 where it does not, or does not rise. */
    double similarity(double probability) {
      double odds = StrictMath.log(probability / (1 - probability));
      return slope > 0 ? (odds - intercept) / slope : Double.POSITIVE_INFINITY;
    }
  }
}
