package io.tierwise.router.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.tier.TierName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class ParityCertifierTest {
  private static final List<Confidence> GRID =
      List.of(new Confidence(0.9), new Confidence(0.7), new Confidence(0.5));

  private static List<JudgedAnswer> times(
      int count, double confidence, boolean right, boolean largeRight) {
    return Collections.nCopies(
        count, new JudgedAnswer(new Confidence(confidence), right, largeRight));
  }

  @SafeVarargs
  private static List<JudgedAnswer> all(List<JudgedAnswer>... parts) {
    List<JudgedAnswer> all = new ArrayList<>();
    for (List<JudgedAnswer> part : parts) {
      all.addAll(part);
    }
    return all;
  }

  @Test
  void countsOnlyWhereOneOfTheTwoAloneIsRight() {
    List<JudgedAnswer> judged =
        all(
            times(50, 0.95, true, true),
            times(30, 0.95, false, false),
            times(12, 0.8, true, false),
            times(1, 0.8, false, true),
            times(107, 0.1, false, true));
    Certificate certificate =
        assertInstanceOf(
                Certification.Certified.class,
                ParityCertifier.certify(0.05, 1, GRID, judged, judged))
            .certificate();
    assertEquals(13, certificate.samples());
    assertEquals(1, certificate.losses());
    // (1 + 13)/2^13
    assertEquals(14.0 / 8192, certificate.pValue(), 1e-12);
    assertEquals(0.025, certificate.deltaSpent());
    assertEquals(93.0 / 200, certificate.coverage());
    assertEquals(
        0.5,
        certificate.thresholds().of(TierName.STUDENT).orElseThrow().value(),
        "nothing more is lost down to there");
  }

  @Test
  void stopsWhereTheAdvantageIsNoLongerProven() {
    List<JudgedAnswer> judged =
        all(times(12, 0.8, true, false), times(1, 0.8, false, true), times(8, 0.6, false, true));
    Certificate certificate =
        assertInstanceOf(
                Certification.Certified.class,
                ParityCertifier.certify(0.05, 1, GRID, judged, judged))
            .certificate();
    assertEquals(0.7, certificate.thresholds().of(TierName.STUDENT).orElseThrow().value());
  }

  @Test
  void beginsWhereTheScoutsSay() {
    List<JudgedAnswer> judged = times(12, 0.8, true, false);
    List<JudgedAnswer> misleading = times(12, 0.95, true, false);
    assertInstanceOf(
        Certification.Withheld.class, ParityCertifier.certify(0.05, 1, GRID, misleading, judged));
    assertInstanceOf(
        Certification.Certified.class, ParityCertifier.certify(0.05, 1, GRID, judged, judged));
  }

  @Test
  void asGoodAsTheLargeModelIsNotProvenWhenTheyNeverDiffer() {
    List<JudgedAnswer> judged = times(1_000, 0.95, true, true);
    assertEquals(
        new Certification.Withheld("no threshold is proven to cost no accuracy", 1, 1_000, 6),
        ParityCertifier.certify(0.05, 1, GRID, judged, judged));
  }

  /** At a true advantage of nothing, δ_1 = 0.025 of 2,000 certificates are false: 50, ± 5 · 7. */
  @Test
  void seldomCertifiesWhatIsNoBetter() {
    SplittableRandom random = new SplittableRandom(1);
    int certified = 0;
    for (int run = 0; run < 2_000; run++) {
      List<JudgedAnswer> scouts = drawn(random);
      certified +=
          ParityCertifier.certify(0.05, 1, GRID, scouts, drawn(random))
                  instanceof Certification.Certified
              ? 1
              : 0;
    }
    assertTrue(certified <= 85, certified + " of 2,000");
    assertTrue(certified > 0, "a test that spends its level");
  }

  private static List<JudgedAnswer> drawn(SplittableRandom random) {
    List<JudgedAnswer> judged = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      judged.add(
          new JudgedAnswer(
              new Confidence(random.nextDouble()),
              random.nextDouble() < 0.7,
              random.nextDouble() < 0.7));
    }
    return judged;
  }

  @Test
  void refusesAGridOfNothing() {
    assertThrows(
        InvalidValueException.class,
        () -> ParityCertifier.certify(0.05, 1, List.of(), List.of(), List.of()));
  }
}
