package io.tierwise.distill.certify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.AuditSample;
import io.tierwise.router.contract.AuditSample.Scored;
import io.tierwise.router.contract.Certification;
import io.tierwise.router.contract.Certifier;
import io.tierwise.router.contract.ConfidenceGrid;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.contract.ThresholdPath;
import io.tierwise.router.contract.Thresholds;
import io.tierwise.router.tier.TierName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class JointPathTest {
  private static final Contract CONTRACT = new Contract(0.05, 0.1);
  private static final int TUNING = 150;
  private static final int CERTIFYING = 400;

  /** A student that is as right as it is sure, and a cache that is right above 0.8 or so. */
  private static AuditSample audit(Random random) {
    Map<TierName, Scored> proposals = new HashMap<>();
    double confidence = 1 - 0.6 * random.nextDouble() * random.nextDouble();
    proposals.put(
        TierName.STUDENT, new Scored(new Confidence(confidence), random.nextDouble() < confidence));
    if (random.nextDouble() < 0.6) {
      double similarity = 0.5 + 0.5 * random.nextDouble();
      boolean agrees = random.nextDouble() < 1 / (1 + Math.exp(-20 * (similarity - 0.8)));
      proposals.put(TierName.SEMANTIC_CACHE, new Scored(new Confidence(similarity), agrees));
    }
    return new AuditSample(proposals);
  }

  private static List<AuditSample> audits(int count, Random random) {
    List<AuditSample> audits = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      audits.add(audit(random));
    }
    return audits;
  }

  private static List<Scored> semantic(List<AuditSample> audits) {
    return audits.stream()
        .map(AuditSample::proposals)
        .filter(proposals -> proposals.containsKey(TierName.SEMANTIC_CACHE))
        .map(proposals -> proposals.get(TierName.SEMANTIC_CACHE))
        .toList();
  }

  @Property(tries = 50)
  void letsBothThroughAtTheSameProbabilityAtEveryStep(@ForAll @IntRange(max = 10_000) int seed) {
    List<Scored> tuning = semantic(audits(TUNING, new Random(seed)));
    JointPath.Curve curve = JointPath.Curve.fitted(tuning);
    for (Thresholds step : JointPath.of(ConfidenceGrid.path(), tuning).steps()) {
      double probability = step.of(TierName.STUDENT).orElseThrow().value();
      double similarity = step.of(TierName.SEMANTIC_CACHE).map(Confidence::value).orElse(2.0);
      if (similarity > 0 && similarity <= 1) {
        double agrees = 1 / (1 + Math.exp(-(curve.intercept() + curve.slope() * similarity)));
        assertEquals(probability, agrees, 1e-9);
      }
    }
  }

  @Test
  void fitsTheCurveThatTheProposalsWereDrawnFrom() {
    JointPath.Curve curve = JointPath.Curve.fitted(semantic(audits(20_000, new Random(1))));
    assertEquals(20, curve.slope(), 1);
    assertEquals(0.8, curve.similarity(0.5), 0.01);
  }

  @Test
  void trustsNothingOfACacheThatIsNeverRight() {
    List<Scored> wrong = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      wrong.add(new Scored(new Confidence(0.7 + i / 400.0), false));
    }
    Thresholds middle = JointPath.of(ConfidenceGrid.path(), wrong).steps().get(200);
    assertTrue(middle.of(TierName.SEMANTIC_CACHE).isEmpty(), middle.toString());
  }

  /**
   * R(λ) of both tiers together is what is certified: over 400 lives it is above ε in δ at most.
   */
  @Test
  void isWrongAsOftenAsItMayBe() {
    List<AuditSample> world = audits(20_000, new Random(7));
    Random random = new Random(20_261_124);
    int broken = 0;
    int certified = 0;
    for (int life = 0; life < 400; life++) {
      ThresholdPath path = JointPath.of(ConfidenceGrid.path(), semantic(audits(TUNING, random)));
      Certification certification =
          Certifier.certify(CONTRACT, 1, path, audits(CERTIFYING, random));
      if (certification instanceof Certification.Certified found) {
        Thresholds thresholds = found.certificate().thresholds();
        certified++;
        long lost = world.stream().filter(sample -> sample.lost(thresholds)).count();
        broken += lost > CONTRACT.epsilon() * world.size() ? 1 : 0;
      }
    }
    assertTrue(certified > 300, certified + " certified");
    // δ_1 = 0.05, and three standard errors of 400 lives.
    assertTrue(broken <= 400 * (0.05 + 3 * Math.sqrt(0.05 * 0.95 / 400)), broken + " broken");
  }

  @Test
  void takesALineAlongAtTheProbabilityOfItsSecondStudent() {
    List<Scored> tuning = semantic(audits(TUNING, new Random(3)));
    List<Thresholds> alone = JointPath.of(ConfidenceGrid.path(), tuning).steps();
    List<Thresholds> line = JointPath.of(ConfidenceGrid.line(2), tuning).steps();
    List<Thresholds> students = ConfidenceGrid.line(2).steps();
    for (int i = 0; i < line.size(); i++) {
      Map<TierName, Confidence> expected = new HashMap<>(students.get(i).byTier());
      alone
          .get(i)
          .of(TierName.SEMANTIC_CACHE)
          .ifPresent(similarity -> expected.put(TierName.SEMANTIC_CACHE, similarity));
      assertEquals(expected, line.get(i).byTier());
    }
    assertTrue(line.getLast().of(TierName.SEMANTIC_CACHE).isPresent());
  }
}
