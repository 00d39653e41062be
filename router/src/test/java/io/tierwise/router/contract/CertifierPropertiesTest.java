package io.tierwise.router.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.AuditSample.Scored;
import io.tierwise.router.tier.TierName;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/** What holds for the same samples and path, whatever they are. */
final class CertifierPropertiesTest {
  private static final double DELTA = 0.1;

  /** Audits of two cheap tiers, better where surer, by a quality that varies from life to life. */
  record Life(ThresholdPath path, List<AuditSample> samples) {
    static Life of(long seed) {
      SplittableRandom random = new SplittableRandom(seed);
      double worst = random.nextDouble(0.6);
      List<AuditSample> samples = new ArrayList<>();
      for (int i = random.nextInt(20, 400); i > 0; i--) {
        Map<TierName, Scored> proposals = new EnumMap<>(TierName.class);
        for (TierName tier : List.of(TierName.SEMANTIC_CACHE, TierName.STUDENT)) {
          if (random.nextInt(10) > 0) {
            double confidence = random.nextInt(101) / 100.0;
            boolean agrees = random.nextDouble() >= worst * (1 - confidence);
            proposals.put(tier, new Scored(new Confidence(confidence), agrees));
          }
        }
        samples.add(new AuditSample(proposals));
      }
      return new Life(path(random), samples);
    }

    private static ThresholdPath path(SplittableRandom random) {
      List<Thresholds> steps = new ArrayList<>();
      double semantic = 1;
      double student = 1;
      for (int i = random.nextInt(1, 15); i > 0; i--) {
        steps.add(
            new Thresholds(
                Map.of(
                    TierName.SEMANTIC_CACHE, new Confidence(semantic),
                    TierName.STUDENT, new Confidence(student))));
        semantic -= random.nextDouble(semantic / 4);
        student -= random.nextDouble(student / 4);
      }
      return new ThresholdPath(steps);
    }

    /** How far down the path the certificate goes: −1 where it is withheld. */
    int depth(double epsilon, int testIndex) {
      return certificate(epsilon, testIndex)
          .map(certificate -> path.steps().lastIndexOf(certificate.thresholds()))
          .orElse(-1);
    }

    double coverage(double epsilon, int testIndex) {
      return certificate(epsilon, testIndex).map(Certificate::coverage).orElse(0.0);
    }

    Optional<Certificate> certificate(double epsilon, int testIndex) {
      return switch (certify(epsilon, testIndex)) {
        case Certification.Certified certified -> Optional.of(certified.certificate());
        case Certification.Withheld withheld -> Optional.empty();
      };
    }

    Certification certify(double epsilon, int testIndex) {
      return Certifier.certify(new Contract(epsilon, DELTA), testIndex, path, samples);
    }
  }

  @Provide
  Arbitrary<Life> lives() {
    return Arbitraries.longs().map(Life::of);
  }

  @Property(tries = 250)
  void aStricterEpsilonNeverAcceptsMore(
      @ForAll("lives") Life life,
      @ForAll @DoubleRange(min = 0.01, max = 0.5) double one,
      @ForAll @DoubleRange(min = 0.01, max = 0.5) double other) {
    double strict = Math.min(one, other);
    double lax = Math.max(one, other);
    assertTrue(life.depth(strict, 1) <= life.depth(lax, 1));
    assertTrue(life.coverage(strict, 1) <= life.coverage(lax, 1));
  }

  @Property(tries = 250)
  void aLaterTestNeverAcceptsMore(
      @ForAll("lives") Life life,
      @ForAll @IntRange(min = 1, max = 40) int one,
      @ForAll @IntRange(min = 1, max = 40) int other) {
    assertTrue(life.depth(0.2, Math.max(one, other)) <= life.depth(0.2, Math.min(one, other)));
  }

  @Property(tries = 250)
  void onePassOverTheSamplesFindsWhatWalkingThePathDoes(
      @ForAll("lives") Life life,
      @ForAll @DoubleRange(min = 0.01, max = 0.5) double epsilon,
      @ForAll @IntRange(min = 1, max = 5) int testIndex) {
    assertEquals(walk(life, epsilon, testIndex), life.certificate(epsilon, testIndex));
  }

  @Property(tries = 250)
  void neverStopsBeforeTheCountOfLossesAloneWould(
      @ForAll("lives") Life life,
      @ForAll @DoubleRange(min = 0.01, max = 0.5) double epsilon,
      @ForAll @IntRange(min = 1, max = 5) int testIndex) {
    double level = new Contract(epsilon, DELTA).spend(testIndex);
    int n = life.samples().size();
    int depth = -1;
    for (Thresholds step : life.path().steps()) {
      int losses = Math.toIntExact(life.samples().stream().filter(s -> s.lost(step)).count());
      if (BinomialTail.atMost(losses, n, epsilon) > level) {
        break;
      }
      depth++;
    }
    int deepest = depth;
    life.certificate(epsilon, testIndex)
        .ifPresent(each -> assertTrue(life.depth(epsilon, testIndex) >= deepest));
  }

  /** The definition: every step against every sample; what covers nothing certifies nothing. */
  private static Optional<Certificate> walk(Life life, double epsilon, int testIndex) {
    Contract contract = new Contract(epsilon, DELTA);
    int n = life.samples().size();
    Optional<Certificate> last = Optional.empty();
    for (Thresholds step : life.path().steps()) {
      int losses = Math.toIntExact(life.samples().stream().filter(s -> s.lost(step)).count());
      int place = 0;
      for (int i = 0; i < n; i++) {
        place = life.samples().get(i).lost(step) ? i + 1 : place;
      }
      double pValue = OrderedTail.atMost(losses, place, n, epsilon);
      if (n < contract.fewestSamples(testIndex) || pValue > contract.spend(testIndex)) {
        break;
      }
      long covered = life.samples().stream().filter(sample -> sample.covered(step)).count();
      last =
          Optional.of(
              new Certificate(
                  contract,
                  testIndex,
                  contract.spend(testIndex),
                  n,
                  losses,
                  pValue,
                  (double) covered / n,
                  step));
    }
    return last.filter(certificate -> certificate.coverage() > 0);
  }
}
