package io.tierwise.bench.guarantee;

import io.tierwise.distill.Progress;
import io.tierwise.router.contract.AuditSample;
import io.tierwise.router.contract.BinomialTail;
import io.tierwise.router.contract.Certification;
import io.tierwise.router.contract.Certifier;
import io.tierwise.router.contract.ConfidenceGrid;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.contract.ThresholdPath;
import io.tierwise.router.contract.Thresholds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * How often a certificate is false, and how much it covers beside an oracle that knows the true
 * risk and beside the binomial fixed-sequence test, on the same draws.
 */
public final class Validity {
  private static final ThresholdPath PATH = ConfidenceGrid.path();
  private static final int SIMULATED_SIZE = 4_000;

  private Validity() {}

  /**
   * What to measure.
   *
   * @param simulated runs, each on a population of its own
   * @param resampled runs on each of the scored data sets
   * @param audits in each run
   */
  public record Spec(
      int simulated, int resampled, int audits, List<Double> epsilons, double delta, long seed) {}

  /**
   * Runs of one kind at one ε.
   *
   * @param allowed what a share of false certificates may be: δ of the test and three standard
   *     errors of the share
   * @param unsound share of runs whose certificate's true risk exceeds ε
   * @param unsoundPlain the same for the binomial test
   * @param coverage mean true coverage; withheld counts as 0
   * @param ahead runs in which the certificate covers more than the binomial test's
   * @param behind in which less
   */
  public record Row(
      String data,
      double epsilon,
      int runs,
      double allowed,
      double unsound,
      double unsoundPlain,
      double coverage,
      double plain,
      double oracle,
      int ahead,
      int behind) {}

  /**
   * @param scored populations by name, besides the simulated ones
   */
  public static List<Row> run(Spec spec, Map<String, Population> scored, Progress progress) {
    List<Row> rows = new ArrayList<>();
    for (double epsilon : spec.epsilons()) {
      SplittableRandom random = new SplittableRandom(spec.seed());
      rows.add(
          measure(
              spec,
              "simulated",
              epsilon,
              spec.simulated(),
              () -> Population.simulated(random, SIMULATED_SIZE),
              progress));
      scored.forEach((name, population) ->
          rows.add(measure(spec, name, epsilon, spec.resampled(), () -> population, progress)));
    }
    return rows;
  }

  private static Row measure(
      Spec spec,
      String data,
      double epsilon,
      int runs,
      Supplier<Population> populations,
      Progress progress) {
    SplittableRandom random = new SplittableRandom(spec.seed() + 1);
    Contract contract = new Contract(epsilon, spec.delta());
    int unsound = 0;
    int unsoundPlain = 0;
    int ahead = 0;
    int behind = 0;
    double[] coverage = new double[3];
    for (int run = 0; run < runs; run++) {
      Population population = populations.get();
      List<AuditSample> audits = population.draw(spec.audits(), random);
      int ours = certified(contract, audits);
      int plain = plain(contract, audits);
      unsound += population.risk(ours) > epsilon + 1e-12 ? 1 : 0;
      unsoundPlain += population.risk(plain) > epsilon + 1e-12 ? 1 : 0;
      coverage[0] += population.coverage(ours) / runs;
      coverage[1] += population.coverage(plain) / runs;
      coverage[2] += population.coverage(population.oracle(epsilon)) / runs;
      int compared = Double.compare(population.coverage(ours), population.coverage(plain));
      ahead += compared > 0 ? 1 : 0;
      behind += compared < 0 ? 1 : 0;
      progress.report(data + " at " + epsilon, run + 1L, runs);
    }
    return new Row(
        data,
        epsilon,
        runs,
        spec.delta() + 3 * Math.sqrt(spec.delta() * (1 - spec.delta()) / runs),
        (double) unsound / runs,
        (double) unsoundPlain / runs,
        coverage[0],
        coverage[1],
        coverage[2],
        ahead,
        behind);
  }

  private static int certified(Contract contract, List<AuditSample> audits) {
    return Certifier.certify(contract, 1, PATH, audits) instanceof Certification.Certified it
        ? PATH.steps().indexOf(it.certificate().thresholds())
        : -1;
  }

  /** The count of losses alone, as Learn then Test has it. */
  private static int plain(Contract contract, List<AuditSample> audits) {
    int last = -1;
    for (Thresholds step : PATH.steps()) {
      int lost = (int) audits.stream().filter(sample -> sample.lost(step)).count();
      if (BinomialTail.atMost(lost, audits.size(), contract.epsilon()) > contract.spend(1)) {
        break;
      }
      last++;
    }
    return last;
  }
}
