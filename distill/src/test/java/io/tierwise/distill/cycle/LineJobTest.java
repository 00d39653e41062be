package io.tierwise.distill.cycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.distill.Corpora;
import io.tierwise.distill.Progress;
import io.tierwise.distill.calibrate.FixedStudent;
import io.tierwise.distill.certify.CertifyJob;
import io.tierwise.distill.compress.Technique;
import io.tierwise.distill.compress.TechniqueJob;
import io.tierwise.distill.data.Answered;
import io.tierwise.distill.parallel.Engine;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.Certification;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.contract.Thresholds;
import io.tierwise.router.request.Label;
import io.tierwise.router.tier.TierName;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.model.Student;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two students that give every text the same answer, as sure as they are told, in line. */
class LineJobTest {
  @TempDir private Path directory;

  /** Says access of every text, sure by 0.8. */
  private Artifact first() throws IOException {
    return FixedStudent.write(
        directory.resolve("first"), (float) Math.log(0.8), (float) Math.log(0.2));
  }

  /** Says refund of every text, sure by 0.9. */
  private Artifact second() throws IOException {
    return FixedStudent.write(
        directory.resolve("second"), (float) Math.log(0.1), (float) Math.log(0.9));
  }

  /** Of one path for both thresholds. */
  private Artifact line() throws IOException {
    return LineJob.run(first(), second(), 0, directory.resolve("line"), Corpora.CLOCK);
  }

  private static List<Answered> answered(Label label, int count) {
    return Collections.nCopies(count, Answered.with("a text", label));
  }

  @Test
  void theSameTwoAreTheSameVersionWheneverTheyArePutInLine() throws IOException {
    Artifact first = first();
    Artifact second = second();
    Artifact line = LineJob.run(first, second, 1.5, directory.resolve("line"), Corpora.CLOCK);
    Clock later = Clock.offset(Corpora.CLOCK, Duration.ofDays(1));
    Artifact again = LineJob.run(first, second, 1.5, directory.resolve("again"), later);
    Artifact other = LineJob.run(first, second, 2, directory.resolve("other"), Corpora.CLOCK);

    assertEquals(line.manifest().version(), again.manifest().version());
    assertEquals("line", line.manifest().lineage().job());
    assertEquals(Map.of("lead", "1.5"), line.manifest().lineage().parameters());
    assertEquals(
        List.of(first.manifest().version(), second.manifest().version()),
        line.manifest().lineage().parents());
    assertEquals(Map.of("accuracy", 0.5, "second-accuracy", 0.5), line.manifest().metrics());
    assertNotEquals(line.manifest().version(), other.manifest().version());
  }

  /** Of 200 audits the second disagrees with four, and the first with all. */
  @Test
  void aLineIsCertifiedAlongThePathOfItsLead() throws IOException {
    Artifact line = line();
    List<Answered> audits = new ArrayList<>(answered(FixedStudent.SECOND, 196));
    audits.addAll(answered(new Label("delivery"), 4));

    try (Student student = Student.load(line)) {
      Certification.Certified certified =
          assertInstanceOf(
              Certification.Certified.class,
              CertifyJob.certify(student, new Contract(0.1, 0.05), 1, audits));

      Thresholds thresholds = certified.certificate().thresholds();
      Confidence first = thresholds.of(TierName.STUDENT).orElseThrow();
      assertEquals(first, thresholds.of(TierName.SECOND_STUDENT).orElseThrow());
      assertTrue(first.value() > 0.8, "the next step lets the first through, always wrong");
      assertEquals(4, certified.certificate().losses());
      assertEquals(200, certified.certificate().samples());
      assertEquals(1, certified.certificate().coverage());
    }
  }

  @Test
  void isLostWhenTheFirstIsWrongThoughTheSecondIsRight() throws IOException {
    Artifact line = line();
    try (Student student = Student.load(line)) {
      var sample = CertifyJob.score(student, answered(FixedStudent.SECOND, 1)).getFirst();
      Map<TierName, Confidence> both =
          Map.of(
              TierName.STUDENT,
              new Confidence(0.75),
              TierName.SECOND_STUDENT,
              new Confidence(0.75));
      assertTrue(sample.lost(new Thresholds(both)));
      assertFalse(
          sample.lost(new Thresholds(Map.of(TierName.SECOND_STUDENT, new Confidence(0.75)))));
    }
  }

  @Test
  void aTechniqueWantsOneStudent() throws IOException {
    Artifact line = line();
    InvalidValueException refused =
        assertThrows(
            InvalidValueException.class,
            () ->
                TechniqueJob.run(
                    new Technique.Compile(),
                    List.of(line),
                    List.of(),
                    directory.resolve("small"),
                    new TechniqueJob.Workshop(1, Engine.local(), Corpora.CLOCK, Progress.SILENT)));
    assertEquals(
        line.directory()
            + ": it is two students in line; give one of them, and let the flywheel put them in"
            + " line again",
        refused.getMessage());
  }
}
