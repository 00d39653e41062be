package io.tierwise.router.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.AuditSample.Scored;
import io.tierwise.router.tier.TierName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** At ε = 0.1 and n = 100, P(Bin ≤ 3) = 0.0078, P(Bin ≤ 4) = 0.0237 and P(Bin ≤ 5) = 0.0576. */
final class CertifierTest {
  private static final Contract CONTRACT = new Contract(0.1, 0.1);
  private static final ThresholdPath PATH = ThresholdPath.student(new double[] {0.9, 0.8, 0.7});

  private static List<AuditSample> samples(int count, double confidence, boolean agrees) {
    return Collections.nCopies(count, AuditSample.student(new Confidence(confidence), agrees));
  }

  @SafeVarargs
  private static List<AuditSample> all(List<AuditSample>... parts) {
    List<AuditSample> all = new ArrayList<>();
    for (List<AuditSample> part : parts) {
      all.addAll(part);
    }
    return all;
  }

  private static Certificate certified(Certification certification) {
    return assertInstanceOf(Certification.Certified.class, certification).certificate();
  }

  /** 100 samples with 0 losses at 0.9, 4 at 0.8 and 5 at 0.7, of which the last is audited last. */
  private static final List<AuditSample> HUNDRED =
      all(
          samples(50, 0.95, true),
          samples(26, 0.85, true),
          samples(18, 0.75, true),
          samples(1, 0.75, true),
          samples(4, 0.85, false),
          samples(1, 0.75, false));

  /** The same with the loss at 0.7 audited first: 99 places of 100 for the last loss. */
  private static final List<AuditSample> ORDERED =
      all(
          samples(1, 0.75, false),
          samples(4, 0.85, false),
          samples(50, 0.95, true),
          samples(26, 0.85, true),
          samples(19, 0.75, true));

  @Test
  void certifiesTheLaxestStepThatIsRejectedAtTheLevelOfTheTest() {
    Certificate certificate = certified(Certifier.certify(CONTRACT, 1, PATH, HUNDRED));
    assertEquals(
        new Certificate(
            CONTRACT,
            1,
            0.05,
            100,
            4,
            certificate.pValue(),
            0.8,
            Thresholds.student(new Confidence(0.8))),
        certificate);
    // of 3,921,225 ways to place 4 losses, C(99, 4) = 3,764,376 end before the last audit
    double before = BinomialTail.atMost(3, 100, 0.1);
    double with = BinomialTail.atMost(4, 100, 0.1);
    assertEquals(0.023711082663476764, with, 1e-15);
    assertEquals(before + (with - before) * 3_764_376 / 3_921_225.0, certificate.pValue(), 1e-15);
  }

  @Test
  void lossesLongAgoLetOneMorePass() {
    Certificate certificate = certified(Certifier.certify(CONTRACT, 1, PATH, ORDERED));
    assertEquals(Thresholds.student(new Confidence(0.7)), certificate.thresholds());
    assertEquals(5, certificate.losses());
    assertEquals(BinomialTail.atMost(4, 100, 0.1), certificate.pValue(), 1e-6);
  }

  @Test
  void aLaterTestIsHarderOnTheSameSamples() {
    Certificate certificate = certified(Certifier.certify(CONTRACT, 2, PATH, HUNDRED));
    assertEquals(0.1 / 6, certificate.deltaSpent(), 1e-17);
    assertEquals(Thresholds.student(new Confidence(0.9)), certificate.thresholds());
    assertEquals(0, certificate.losses());
    assertEquals(0.5, certificate.coverage());
    assertEquals(Math.pow(0.9, 100), certificate.pValue(), 1e-18);
  }

  @Test
  void theLeastNumberOfFlawlessSamplesIsEnoughAndOneFewerIsNot() {
    // 0.9^28 = 0.0523, 0.9^29 = 0.0471
    Certificate certificate =
        certified(Certifier.certify(CONTRACT, 1, PATH, samples(29, 0.7, true)));
    assertEquals(0.047101286972462485, certificate.pValue(), 1e-15);
    assertEquals(Thresholds.student(new Confidence(0.7)), certificate.thresholds());
    assertEquals(1, certificate.coverage());
    assertEquals(
        new Certification.Withheld("too few audit samples", 1, 28, 29),
        Certifier.certify(CONTRACT, 1, PATH, samples(28, 0.7, true)));
  }

  @Test
  void withholdsWhenTheStrictestStepIsNotRejected() {
    assertEquals(
        new Certification.Withheld("even the strictest thresholds disagree too often", 1, 100, 29),
        Certifier.certify(
            CONTRACT, 1, PATH, all(samples(95, 0.95, true), samples(5, 0.95, false))));
  }

  @Test
  void withholdsWithoutASample() {
    assertEquals(
        new Certification.Withheld("too few audit samples", 1, 0, 29),
        Certifier.certify(CONTRACT, 1, PATH, List.of()));
  }

  @Test
  void aThresholdThatNothingReachesIsNoCertificate() {
    assertEquals(
        new Certification.Withheld("no candidate reaches a threshold that holds", 1, 100, 29),
        Certifier.certify(
            CONTRACT, 1, ThresholdPath.student(new double[] {0.9}), samples(100, 0.5, false)));
  }

  @Test
  void staleExactHitsCountAtEveryStep() {
    AuditSample stale =
        new AuditSample(
            Map.of(
                TierName.EXACT_CACHE, new Scored(Confidence.FULL, false),
                TierName.STUDENT, new Scored(new Confidence(0.1), true)));
    Certification certification =
        Certifier.certify(
            CONTRACT, 1, PATH, all(samples(95, 0.95, true), Collections.nCopies(5, stale)));
    assertInstanceOf(Certification.Withheld.class, certification);
  }

  @Test
  void everyCheapTierCountsAlsoOneThatAnotherWouldHaveForestalled() {
    AuditSample student =
        new AuditSample(
            Map.of(
                TierName.SEMANTIC_CACHE, new Scored(new Confidence(0.99), true),
                TierName.STUDENT, new Scored(new Confidence(0.95), false)));
    Thresholds both =
        new Thresholds(
            Map.of(
                TierName.SEMANTIC_CACHE, new Confidence(0.98),
                TierName.STUDENT, new Confidence(0.9)));
    Certificate certificate =
        certified(
            Certifier.certify(
                CONTRACT,
                1,
                new ThresholdPath(List.of(both)),
                all(Collections.nCopies(4, student), samples(96, 0.95, true))));
    assertEquals(4, certificate.losses());
    assertEquals(1, certificate.coverage());
  }

  /**
   * 400 audits: every fourth is at 0.9, two of which are wrong, and no threshold here lets the
   * others through. The first 100 only say where the walk begins.
   */
  @Test
  void aContractOverTheCheapAnswersIsTestedOnThoseAlone() {
    List<AuditSample> samples = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      boolean answered = i % 4 == 0;
      boolean right = i != 100 && i != 104;
      samples.add(AuditSample.student(new Confidence(answered ? 0.9 : 0.1), answered && right));
    }
    ThresholdPath path = ThresholdPath.student(new double[] {0.99, 0.95, 0.8});
    Contract all = new Contract(0.05, 0.05);
    Contract accepted = new Contract(0.05, 0.05, Over.ACCEPTED);
    assertEquals(
        OrderedTail.atMost(2, 105, 400, 0.05),
        certified(Certifier.certify(all, 1, path, samples)).pValue());
    assertInstanceOf(Certification.Withheld.class, Certifier.certify(accepted, 1, path, samples));

    Contract laxer = new Contract(0.1, 0.05, Over.ACCEPTED);
    Certificate certificate = certified(Certifier.certify(laxer, 1, path, samples));
    assertEquals(BinomialTail.atMost(2, 75, 0.1), certificate.pValue());
    assertEquals(300, certificate.samples());
    assertEquals(Thresholds.student(new Confidence(0.8)), certificate.thresholds());
    assertTrue(accepted.implies(all));
    assertFalse(all.implies(accepted));
  }
}
