package io.tierwise.router.contract;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.router.confidence.Confidence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The guarantee itself, by simulation: of all draws of a calibration set, at most δ_j end with a
 * certificate whose true risk exceeds ε. Confidences take the values of the path's twenty steps, so
 * the true risk at each is known.
 */
final class CertifierSimulationTest {
  private static final int STEPS = 20;
  private static final int DRAWS = 2_000;
  private static final double DELTA = 0.1;
  private static final double[] GRID =
      IntStream.range(0, STEPS).mapToDouble(step -> 0.99 - 0.04 * step).toArray();
  private static final ThresholdPath PATH = ThresholdPath.student(GRID);

  /** The true risk at each step, as a multiple of ε. */
  enum Shape {
    /** Grows evenly and is ε at the tenth step: the eleventh is the first that is false. */
    EVEN {
      @Override
      double risk(int step) {
        return (step + 1) / 10.0;
      }
    },
    /** Hardly any at first, then ever more. */
    LATE {
      @Override
      double risk(int step) {
        return 2 * Math.pow((step + 1) / (double) STEPS, 2);
      }
    },
    /** Ten steps within a tenth of ε before it is crossed, so that many tests stand on the edge. */
    CREEPING {
      @Override
      double risk(int step) {
        return 0.9 + 0.0101 * step;
      }
    },
    /**
     * The least favourable: none up to the tenth step and a hair above ε from the next on. The walk
     * always arrives there, and is wrong exactly when that one test is.
     */
    CLIFF {
      @Override
      double risk(int step) {
        return step < 10 ? 0 : 1 + 1e-9;
      }
    };

    abstract double risk(int step);
  }

  /** How often draws certified what holds, and what does not, as shares. */
  private record Outcome(double sound, double unsound) {}

  private static Outcome simulate(Shape shape, int n, double epsilon, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] risks =
        IntStream.range(0, STEPS).mapToDouble(step -> epsilon * shape.risk(step)).toArray();
    AuditSample[] agreeing = samples(true);
    AuditSample[] disagreeing = samples(false);
    Contract contract = new Contract(epsilon, DELTA);
    int sound = 0;
    int unsound = 0;
    List<AuditSample> draw = new ArrayList<>(n);
    for (int i = 0; i < DRAWS; i++) {
      draw.clear();
      for (int sample = 0; sample < n; sample++) {
        double u = random.nextDouble();
        // a loss first counts at the step whose cumulated risk reaches u; the rest agree
        int lostAt = Arrays.binarySearch(risks, u);
        int step = lostAt < 0 ? -lostAt - 1 : lostAt;
        draw.add(step < STEPS ? disagreeing[step] : agreeing[random.nextInt(STEPS)]);
      }
      if (Certifier.certify(contract, 1, PATH, draw) instanceof Certification.Certified certified) {
        int step = PATH.steps().indexOf(certified.certificate().thresholds());
        if (risks[step] > epsilon) {
          unsound++;
        } else {
          sound++;
        }
      }
    }
    return new Outcome((double) sound / DRAWS, (double) unsound / DRAWS);
  }

  private static AuditSample[] samples(boolean agrees) {
    return Arrays.stream(GRID)
        .mapToObj(value -> AuditSample.student(new Confidence(value), agrees))
        .toArray(AuditSample[]::new);
  }

  private static double withSamplingError(double share, int draws) {
    return share + 3 * Math.sqrt(share * (1 - share) / draws);
  }

  @ParameterizedTest
  @CsvSource({
    "EVEN, 500, 0.05", "EVEN, 500, 0.1", "EVEN, 1000, 0.05", "EVEN, 1000, 0.1",
    "LATE, 500, 0.05", "LATE, 500, 0.1", "LATE, 1000, 0.05", "LATE, 1000, 0.1",
    "CREEPING, 500, 0.05", "CREEPING, 500, 0.1", "CREEPING, 1000, 0.05", "CREEPING, 1000, 0.1",
    "CLIFF, 500, 0.05", "CLIFF, 500, 0.1", "CLIFF, 1000, 0.05", "CLIFF, 1000, 0.1",
  })
  void atMostDeltaOfAllDrawsCertifyARiskAboveEpsilon(Shape shape, int n, double epsilon) {
    Outcome outcome = simulate(shape, n, epsilon, 20261124);
    double level = new Contract(epsilon, DELTA).spend(1);
    assertTrue(outcome.unsound() <= withSamplingError(level, DRAWS), outcome::toString);
    assertTrue(outcome.sound() > 0, outcome::toString);
  }

  /** Measured: 0.050 of the 0.05 allowed. A level that is not kept would show here first. */
  @Test
  void theLeastFavourableRiskSpendsMostOfDelta() {
    Outcome outcome = simulate(Shape.CLIFF, 1000, 0.1, 20261124);
    assertTrue(outcome.unsound() > 0.8 * new Contract(0.1, DELTA).spend(1), outcome::toString);
  }

  private static final int LIVES = 2_000;
  private static final int WINDOWS = 50;
  private static final int WINDOW = 500;

  /** The share of lives with a false certificate, at a risk just above ε in all their windows. */
  private static double livesWithAFalseCertificate(
      Contract contract, IntUnaryOperator testIndexOfWindow) {
    SplittableRandom random = new SplittableRandom(7);
    int[] mostLosses =
        IntStream.rangeClosed(1, WINDOWS)
            .map(window -> mostLossesCertified(contract, testIndexOfWindow.applyAsInt(window)))
            .toArray();
    double risk = contract.epsilon() * 1.001;
    int spoilt = 0;
    for (int life = 0; life < LIVES; life++) {
      boolean falsely = false;
      for (int window = 0; window < WINDOWS; window++) {
        int losses = 0;
        for (int sample = 0; sample < WINDOW; sample++) {
          losses += random.nextDouble() < risk ? 1 : 0;
        }
        falsely |= losses <= mostLosses[window];
      }
      spoilt += falsely ? 1 : 0;
    }
    return (double) spoilt / LIVES;
  }

  /** With how many losses in a window the certifier still certifies; −1 for none. */
  private static int mostLossesCertified(Contract contract, int testIndex) {
    int losses = 0;
    while (certifies(contract, testIndex, losses)) {
      losses++;
    }
    return losses - 1;
  }

  private static boolean certifies(Contract contract, int testIndex, int losses) {
    List<AuditSample> window =
        new ArrayList<>(Collections.nCopies(losses, AuditSample.student(Confidence.FULL, false)));
    window.addAll(Collections.nCopies(WINDOW - losses, AuditSample.student(Confidence.FULL, true)));
    ThresholdPath path = ThresholdPath.student(new double[] {0.5});
    return Certifier.certify(contract, testIndex, path, window) instanceof Certification.Certified;
  }

  /** Measured: 0.069 of the 0.1 allowed. */
  @Test
  void atMostDeltaOfAllLivesEverSeeAFalseCertificate() {
    Contract contract = new Contract(0.05, DELTA);
    double share = livesWithAFalseCertificate(contract, window -> window);
    assertTrue(share <= withSamplingError(DELTA, LIVES), () -> "share " + share);
  }

  /** Why the index never resets. Measured: 0.82, though each window keeps its own level of 0.05. */
  @Test
  void aResetPerWindowSpoilsMostLives() {
    Contract contract = new Contract(0.05, DELTA);
    double share = livesWithAFalseCertificate(contract, window -> 1);
    assertTrue(share > 0.7, () -> "share " + share);
  }
}
