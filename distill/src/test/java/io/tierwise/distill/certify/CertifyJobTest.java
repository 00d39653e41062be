package io.tierwise.distill.certify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.distill.Corpora;
import io.tierwise.distill.data.Answered;
import io.tierwise.distill.onnx.BagWeights;
import io.tierwise.distill.onnx.OnnxModels;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.AuditSample;
import io.tierwise.router.contract.Certification;
import io.tierwise.router.contract.ConfidenceGrid;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.contract.Thresholds;
import io.tierwise.router.request.Label;
import io.tierwise.router.tier.TierName;
import io.tierwise.student.artifact.ArtifactFiles;
import io.tierwise.student.artifact.ArtifactWriter;
import io.tierwise.student.artifact.Calibration;
import io.tierwise.student.artifact.Lineage;
import io.tierwise.student.artifact.Shape;
import io.tierwise.student.feature.BagFeaturizer;
import io.tierwise.student.model.Student;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertifyJobTest {
  private static final Label YES = new Label("yes");
  private static final Label NO = new Label("no");
  private static final double SURE = 1 / (1 + Math.exp(-3));
  private static final double UNSURE = 1 / (1 + Math.exp(-1));
  private static final Contract CONTRACT = new Contract(0.1, 0.05);

  @TempDir private Path directory;
  private Student student;

  /** Says yes to every text: with logits (3, 0) where it says "sure", else with (1, 0). */
  @BeforeEach
  void writeStudent() throws IOException {
    int sure = new BagFeaturizer().wordBucket("sure");
    float[] rarity = new float[BagFeaturizer.BUCKETS];
    byte[] table = new byte[BagFeaturizer.BUCKETS];
    rarity[sure] = 1;
    table[sure] = 100;
    BagWeights weights =
        new BagWeights(rarity, table, new float[] {0.02f}, new float[] {1, 0}, new float[] {1, 0});
    ArtifactWriter.Draft draft =
        new ArtifactWriter.Draft(
            "t",
            Shape.BAG,
            BagFeaturizer.VERSION,
            List.of("yes", "no"),
            new Calibration.Temperature(1),
            Map.of(),
            new Lineage("distill", Map.of(), List.of(), "", 1, "1"),
            Corpora.CLOCK.instant());
    byte[] graph = OnnxModels.bag(weights);
    Path made = directory.resolve("student");
    student = Student.load(ArtifactWriter.write(made, draft, Map.of(ArtifactFiles.MODEL, graph)));
  }

  @AfterEach
  void close() {
    student.close();
  }

  @Test
  void scoresEachRequestByConfidenceAndAgreement() {
    List<AuditSample> samples =
        CertifyJob.score(
            student,
            List.of(
                Answered.with("sure", YES),
                Answered.with("perhaps", NO),
                Answered.with("perhaps", new Label("never heard of"))));

    assertEquals(3, samples.size());
    assertScored(samples.get(0), SURE, true);
    assertScored(samples.get(1), UNSURE, false);
    assertScored(samples.get(2), UNSURE, false);
  }

  @Test
  void certifiesTheLaxestThresholdThatKeepsTheContract() {
    // 60 sure requests, all right; 40 others, of which 20 are wrong.
    Certification.Certified certified =
        assertInstanceOf(
            Certification.Certified.class,
            CertifyJob.certify(student, CONTRACT, 1, audited(60, 20, 20)));

    assertEquals(100, certified.certificate().samples());
    assertEquals(0, certified.certificate().losses());
    assertEquals(0.6, certified.certificate().coverage());
    assertEquals(Math.pow(0.9, 100), certified.certificate().pValue(), 1e-12);
    double threshold = student(certified.certificate().thresholds());
    assertTrue(threshold > UNSURE && threshold < UNSURE + 0.01, "just above: " + threshold);
  }

  @Test
  void withholdsWhereEvenTheSureOnesAreWrong() {
    List<Answered> wrong = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      wrong.add(Answered.with("sure", NO));
    }

    Certification.Withheld withheld =
        assertInstanceOf(
            Certification.Withheld.class, CertifyJob.certify(student, CONTRACT, 1, wrong));

    assertEquals("no candidate reaches a threshold that holds", withheld.reason());
  }

  @Test
  void withholdsOnTooFewRequestsToProveAnything() {
    Certification.Withheld withheld =
        assertInstanceOf(
            Certification.Withheld.class,
            CertifyJob.certify(student, CONTRACT, 3, audited(30, 0, 0)));

    assertEquals("too few audit samples", withheld.reason());
    assertEquals(53, withheld.needed(), "ln(0.05 / 12) / ln 0.9, rounded up");
  }

  /** 100 requests that the student passes on; the cache proposes for each, so often wrongly. */
  private static List<AuditedAnswers.Audit> cached(int asked, int wrong) {
    List<AuditedAnswers.Audit> audits = new ArrayList<>();
    for (int i = 0; i < asked; i++) {
      audits.add(
          new AuditedAnswers.Audit(
              "request-" + i,
              i < 180 ? "acme" : "globex",
              Answered.with("sure", YES),
              new AuditSample.Scored(new Confidence(i < wrong ? 0.7 : 0.95), i >= wrong),
              true));
    }
    return audits;
  }

  @Test
  void certifiesTheCacheWithTheStudentOnTheAuditsThatDidNotTune() {
    Certification.Certified certified =
        assertInstanceOf(
            Certification.Certified.class,
            CertifyJob.certifyJointly(student, CONTRACT, 1, cached(200, 60)));

    assertTrue(
        certified.certificate().samples() < 175 && certified.certificate().samples() > 145,
        certified.certificate().toString());
    double threshold =
        certified.certificate().thresholds().of(TierName.SEMANTIC_CACHE).orElseThrow().value();
    assertTrue(threshold > 0.7 && threshold < 0.95, "between right and wrong: " + threshold);
    assertEquals(0, certified.certificate().losses());
  }

  @Test
  void certifiesEveryTenantByItselfAndSaysWhoHasTooFewAudits() {
    Map<String, Certification> ended =
        CertifyJob.certifyEachTenant(student, CONTRACT, 1, cached(200, 60));
    Certification.Certified acme =
        assertInstanceOf(Certification.Certified.class, ended.get("acme"));
    assertTrue(acme.certificate().samples() > 120, acme.toString());
    Certification.Withheld globex =
        assertInstanceOf(Certification.Withheld.class, ended.get("globex"));
    assertEquals("too few audit samples", globex.reason());
    assertEquals(36, globex.needed());
    assertTrue(globex.samples() <= 20, globex.toString());
  }

  @Test
  void certifiesTheStudentAloneWhereTheCacheWasAskedTooSeldom() {
    List<AuditedAnswers.Audit> audits = new ArrayList<>();
    audited(60, 20, 20).forEach(answered -> audits.add(AuditedAnswers.Audit.of(answered)));
    audits.addAll(cached(20, 0));
    Certification.Certified certified =
        assertInstanceOf(
            Certification.Certified.class, CertifyJob.certifyJointly(student, CONTRACT, 1, audits));
    assertEquals(120, certified.certificate().samples());
    assertTrue(certified.certificate().thresholds().of(TierName.SEMANTIC_CACHE).isEmpty());
  }

  @Test
  void theGridRunsFromVerySureToUnsure() {
    List<Thresholds> steps = ConfidenceGrid.path().steps();

    assertEquals(400, steps.size());
    assertEquals(0.99999, student(steps.getFirst()), 1e-12);
    assertEquals(0.05, student(steps.getLast()), 1e-12);
    for (int i = 1; i < steps.size(); i++) {
      assertTrue(student(steps.get(i)) < student(steps.get(i - 1)));
    }
  }

  private static double student(Thresholds thresholds) {
    return thresholds.of(TierName.STUDENT).orElseThrow().value();
  }

  private static void assertScored(AuditSample sample, double confidence, boolean agrees) {
    AuditSample.Scored scored = sample.proposals().get(TierName.STUDENT);
    assertEquals(confidence, scored.confidence().value(), 1e-6);
    assertEquals(agrees, scored.agrees());
  }

  private static List<Answered> audited(int sure, int right, int wrong) {
    List<Answered> audited = new ArrayList<>();
    for (int i = 0; i < sure; i++) {
      audited.add(Answered.with("sure", YES));
    }
    for (int i = 0; i < right + wrong; i++) {
      audited.add(Answered.with("perhaps " + i, i < right ? YES : NO));
    }
    return audited;
  }
}
