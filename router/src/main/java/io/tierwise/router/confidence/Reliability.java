package io.tierwise.router.confidence;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.Requirement;
import java.util.ArrayList;
import java.util.List;

/**
 * How far confidences are from the shares that agree: a reliability diagram, and its expected
 * calibration error (Naeini, Cooper, Hauskrecht, 2015; bins as in Guo et al., 2017).
 *
 * @param bins the non-empty ones, from low confidence to high
 */
public record Reliability(List<Bin> bins) {
  public Reliability {
    bins = List.copyOf(bins);
  }

  /**
   * The predictions with confidence in (from, to]; the first bin holds 0 too.
   *
   * @param meanConfidence what they promise
   * @param agreement the share that agrees
   */
  public record Bin(double from, double to, int count, double meanConfidence, double agreement) {}

  /**
   * @param confidences one per prediction, in [0, 1]
   * @param agreed for each, whether the large model said the same
   * @param bins how many of equal width; 15 is customary
   * @throws InvalidValueException when there is no prediction, or the two differ in length
   */
  public static Reliability of(double[] confidences, boolean[] agreed, int bins) {
    Requirement.positive("bins", bins);
    if (confidences.length == 0 || confidences.length != agreed.length) {
      throw new InvalidValueException(
          "confidences",
          confidences.length + " of them for " + agreed.length + " outcomes",
          "give one per outcome, at least one");
    }
    int[] counts = new int[bins];
    int[] agreements = new int[bins];
    double[] sums = new double[bins];
    for (int i = 0; i < confidences.length; i++) {
      double confidence = Requirement.closedUnit("confidences[" + i + "]", confidences[i]);
      int bin = Math.max(0, (int) Math.ceil(confidence * bins) - 1);
      counts[bin]++;
      agreements[bin] += agreed[i] ? 1 : 0;
      sums[bin] += confidence;
    }
    List<Bin> filled = new ArrayList<>();
    for (int bin = 0; bin < bins; bin++) {
      if (counts[bin] > 0) {
        filled.add(
            new Bin(
                (double) bin / bins,
                (bin + 1.0) / bins,
                counts[bin],
                sums[bin] / counts[bin],
                (double) agreements[bin] / counts[bin]));
      }
    }
    return new Reliability(filled);
  }

  /** ECE: the mean over all predictions of their bin's |agreement − mean confidence|. */
  public double expectedCalibrationError() {
    long count = 0;
    double sum = 0;
    for (Bin bin : bins) {
      count += bin.count();
      sum += bin.count() * Math.abs(bin.agreement() - bin.meanConfidence());
    }
    return sum / count;
  }
}
