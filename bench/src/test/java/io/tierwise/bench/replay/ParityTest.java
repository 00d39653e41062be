package io.tierwise.bench.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.bench.replay.RecordedTraffic.Recorded;
import io.tierwise.distill.data.Answered;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.Audited;
import io.tierwise.router.contract.Gate;
import io.tierwise.router.contract.JudgedAttempt;
import io.tierwise.router.contract.Thresholds;
import io.tierwise.router.contract.Verdict;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.request.Answer;
import io.tierwise.router.request.Distribution;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Task;
import io.tierwise.router.tier.Attempt;
import io.tierwise.router.tier.Reference;
import io.tierwise.router.tier.TierName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ParityTest {
  private static final Label JOY = new Label("joy");
  private static final Label FEAR = new Label("fear");
  private static final Task.Classification TASK =
      new Task.Classification("replay", List.of(JOY, FEAR));

  /** The large model says joy. */
  private static Recorded recorded(@Nullable Label human) {
    return new Recorded(Answered.with("a text", JOY), human);
  }

  private static Reference reference(Recorded recorded) {
    return new Reference(
        Recording.request(TASK, 1, recorded, Instant.EPOCH), Recording.large(recorded), false);
  }

  private static Label taught(Reference lesson) {
    return ((Answer.Classified) lesson.proposal().answer()).label();
  }

  @Test
  void peopleTeachWhereTheyAreAskedAndAFewOfThemOnlyShowWhereToBegin() {
    Parity parity = new Parity(1, 0.05, new Random(1));
    Recorded recorded = recorded(FEAR);
    int lessons = 0;
    for (int i = 0; i < 1_000; i++) {
      Optional<Reference> lesson = parity.lesson(recorded, reference(recorded));
      lesson.ifPresent(each -> assertEquals(FEAR, taught(each)));
      lessons += lesson.isPresent() ? 1 : 0;
    }
    assertEquals(1_000, parity.reviews());
    assertEquals(850, lessons, 50);
  }

  @Test
  void theLargeModelTeachesWhereNobodyIsAskedOrNobodyKnows() {
    Recorded unknown = recorded(null);
    Parity all = new Parity(1, 0.05, new Random(1));
    assertEquals(JOY, taught(all.lesson(unknown, reference(unknown)).orElseThrow()));
    assertEquals(0, all.reviews());
    Parity none = new Parity(0, 0.05, new Random(1));
    Recorded known = recorded(FEAR);
    assertEquals(JOY, taught(none.lesson(known, reference(known)).orElseThrow()));
    assertEquals(0, none.reviews());
  }

  private static Audited audited(Recorded recorded, Label student, double confidence) {
    Attempt proposed =
        new Attempt.Proposed(
            new Answer.Classified(student, Distribution.certain(student)),
            new Confidence(confidence),
            Usage.NONE,
            "v1");
    return new Audited.Complete(
        Recording.request(TASK, 1, recorded, Instant.EPOCH),
        new Gate.Open(Thresholds.student(new Confidence(0.8)), "certificate"),
        List.of(
            new JudgedAttempt(
                TierName.STUDENT, proposed, Verdict.ACCEPTED, Money.ZERO, Duration.ZERO)),
        new Answer.Classified(JOY, Distribution.certain(JOY)));
  }

  @Test
  void ringsWhenTheStudentIsWrongWhereTheLargeModelIsRight() {
    Parity parity = new Parity(1, 0.05, new Random(1));
    Recorded recorded = recorded(JOY);
    int audits = 1;
    while (!parity.audit(audited(recorded, FEAR, 0.9), recorded)) {
      audits++;
    }
    assertTrue(audits <= 20, audits + " audits");
    parity.changed();
    assertFalse(parity.audit(audited(recorded, FEAR, 0.9), recorded), "another student");
  }

  @Test
  void whatBothHaveRightOrIsPassedOnIsNoEvidence() {
    Parity parity = new Parity(1, 0.05, new Random(1));
    Recorded right = recorded(JOY);
    for (int i = 0; i < 200; i++) {
      assertFalse(parity.audit(audited(right, JOY, 0.9), right));
      assertFalse(parity.audit(audited(right, FEAR, 0.5), right), "below its threshold");
    }
  }
}
