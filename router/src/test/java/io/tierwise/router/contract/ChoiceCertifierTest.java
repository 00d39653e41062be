package io.tierwise.router.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.ChoiceCertifier.Losses;
import io.tierwise.router.tier.TierName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** At ε = 0.1 and n = 100, P(Bin ≤ 3) = 0.0078, P(Bin ≤ 4) = 0.0237 and P(Bin ≤ 5) = 0.0576. */
final class ChoiceCertifierTest {
  private static final Contract CONTRACT = new Contract(0.1, 0.1);
  private static final double[] GRID = {0.7, 0.9, 0.8};

  /** 100 prompts with 0 losses at 0.9, 4 at 0.8 and 5 at 0.7. */
  private static final List<JudgedChoice> HUNDRED =
      all(
          choices(50, 0.95, 0),
          choices(4, 0.85, 1),
          choices(26, 0.85, 0),
          choices(1, 0.75, 1),
          choices(19, 0.75, 0));

  private static List<JudgedChoice> choices(int count, double confidence, double loss) {
    return Collections.nCopies(count, new JudgedChoice(new Confidence(confidence), loss));
  }

  @SafeVarargs
  private static List<JudgedChoice> all(List<JudgedChoice>... parts) {
    List<JudgedChoice> all = new ArrayList<>();
    for (List<JudgedChoice> part : parts) {
      all.addAll(part);
    }
    return all;
  }

  private static Certificate certified(Certification certification) {
    return assertInstanceOf(Certification.Certified.class, certification).certificate();
  }

  @Test
  void certifiesTheLaxestThresholdByTheExactTailWhereAnswersAreRightOrWrong() {
    assertEquals(
        new Certificate(
            CONTRACT,
            1,
            0.05,
            100,
            4,
            BinomialTail.atMost(4, 100, 0.1),
            0.8,
            new Thresholds(Map.of(TierName.WEAK, new Confidence(0.8)))),
        certified(ChoiceCertifier.certify(CONTRACT, 1, Losses.BINARY, GRID, HUNDRED)));
  }

  /** e·P(Bin ≤ 4) = 0.0644 is above 0.05, and Hoeffding's 0.0756 too: graded, 0.9 is the last. */
  @Test
  void theSameLossesHoldLessWhereTheyAreTestedAsGraded() {
    Certificate certificate =
        certified(ChoiceCertifier.certify(CONTRACT, 1, Losses.GRADED, GRID, HUNDRED));
    assertEquals(
        new Thresholds(Map.of(TierName.WEAK, new Confidence(0.9))), certificate.thresholds());
    assertEquals(0.5, certificate.coverage());
  }

  @Test
  void halfLossesCountHalf() {
    List<JudgedChoice> halves =
        all(choices(50, 0.95, 0), choices(6, 0.85, 0.5), choices(44, 0.85, 0));
    Certificate certificate =
        certified(ChoiceCertifier.certify(CONTRACT, 1, Losses.GRADED, GRID, halves));
    assertEquals(3, certificate.losses());
    assertEquals(HoeffdingBentkus.pValue(3, 100, 0.1), certificate.pValue());
  }

  @Test
  void aLaterTestSpendsLess() {
    Certificate certificate =
        certified(ChoiceCertifier.certify(CONTRACT, 3, Losses.BINARY, GRID, HUNDRED));
    assertEquals(0.1 / 12, certificate.deltaSpent());
    assertEquals(
        new Thresholds(Map.of(TierName.WEAK, new Confidence(0.9))), certificate.thresholds());
  }

  @Test
  void withholdsWhereTooFewAreJudgedOrTheStrictestLosesTooMuchOrNobodyReachesIt() {
    assertEquals(
        new Certification.Withheld("too few judged prompts", 1, 28, 29),
        ChoiceCertifier.certify(CONTRACT, 1, Losses.BINARY, GRID, choices(28, 0.95, 0)));
    assertEquals(
        new Certification.Withheld("even the strictest threshold loses too much", 1, 40, 29),
        ChoiceCertifier.certify(CONTRACT, 1, Losses.BINARY, GRID, choices(40, 0.95, 1)));
    assertEquals(
        new Certification.Withheld("no prompt reaches a threshold that holds", 1, 40, 29),
        ChoiceCertifier.certify(CONTRACT, 1, Losses.BINARY, GRID, choices(40, 0.5, 0)));
  }

  @Test
  void refusesGradedLossesWhereTheyAreSaidToBeBinary() {
    assertThrows(
        InvalidValueException.class,
        () -> ChoiceCertifier.certify(CONTRACT, 1, Losses.BINARY, GRID, choices(40, 0.9, 0.5)));
  }

  @Test
  void whatTheWeakModelDoesBetterMakesUpForNothing() {
    Confidence sure = new Confidence(0.9);
    assertEquals(0, JudgedChoice.of(sure, 0.2, 0.9).loss());
    assertEquals(0.5, JudgedChoice.of(sure, 0.75, 0.25).loss());
    assertThrows(InvalidValueException.class, () -> JudgedChoice.of(sure, 7, 0.25));
  }

  @Property(tries = 200)
  void aLargerEpsilonNeverHoldsLess(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<JudgedChoice> choices = new ArrayList<>();
    for (int i = random.nextInt(50, 300); i > 0; i--) {
      double confidence = random.nextInt(101) / 100.0;
      double loss = random.nextDouble() < confidence ? 0 : random.nextDouble();
      choices.add(new JudgedChoice(new Confidence(confidence), loss));
    }
    double before = 0;
    for (double epsilon = 0.05; epsilon < 0.6; epsilon += 0.05) {
      double coverage = coverage(new Contract(epsilon, 0.1), choices);
      assertTrue(coverage >= before, "at " + epsilon);
      before = coverage;
    }
  }

  /** Half of all prompts would lose at any threshold, so no certificate for ε = 0.45 is true. */
  @Test
  void falseCertificatesAreAsRareAsDeltaSays() {
    SplittableRandom random = new SplittableRandom(3);
    double[] grid = {0.9, 0.6, 0.3, 0};
    int lives = 2000;
    int wrong = 0;
    for (int life = 0; life < lives; life++) {
      List<JudgedChoice> choices = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        choices.add(new JudgedChoice(Confidence.FULL, random.nextDouble() < 0.5 ? 1 : 0));
      }
      Certification outcome =
          ChoiceCertifier.certify(new Contract(0.45, 0.2), 1, Losses.BINARY, grid, choices);
      wrong += outcome instanceof Certification.Certified ? 1 : 0;
    }
    assertTrue(wrong <= 0.1 * lives, wrong + " of " + lives);
    assertTrue(wrong > 0, "a test that rejects nothing shows nothing");
  }

  private static double coverage(Contract contract, List<JudgedChoice> choices) {
    return switch (ChoiceCertifier.certify(contract, 1, Losses.GRADED, GRID, choices)) {
      case Certification.Certified certified -> certified.certificate().coverage();
      case Certification.Withheld withheld -> 0;
    };
  }
}
