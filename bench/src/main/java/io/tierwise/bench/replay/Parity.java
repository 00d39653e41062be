package io.tierwise.bench.replay;

import io.tierwise.bench.replay.RecordedTraffic.Recorded;
import io.tierwise.distill.certify.AuditedAnswers.Audit;
import io.tierwise.distill.cycle.StudentCycle;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.AuditMonitor;
import io.tierwise.router.contract.Audited;
import io.tierwise.router.contract.Certification;
import io.tierwise.router.contract.ConfidenceGrid;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.contract.Gate;
import io.tierwise.router.contract.JudgedAnswer;
import io.tierwise.router.contract.JudgedAttempt;
import io.tierwise.router.contract.ParityCertifier;
import io.tierwise.router.contract.Thresholds;
import io.tierwise.router.request.Answer;
import io.tierwise.router.request.Distribution;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Label;
import io.tierwise.router.tier.Attempt;
import io.tierwise.router.tier.Reference;
import io.tierwise.router.tier.TierName;
import io.tierwise.student.model.Prediction;
import io.tierwise.student.model.Student;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * A contract against people in place of the large model: answers are right no less often than its
 * own are. People are asked about a share of what the large model answers, drawn by chance before
 * anyone knows the answer. What they say of audited requests certifies and watches; of the others,
 * a small part shows where to begin to test, and the rest teaches in the large model's place.
 */
final class Parity implements StudentCycle.Exam {
  private static final double SCOUTS = 0.15;
  private static final double HALF = 0.5;

  private final double reviewRate;
  private final double delta;
  private final RandomGenerator random;
  private final List<Recorded> scouts = new ArrayList<>();
  private final List<Recorded> judged = new ArrayList<>();
  private AuditMonitor watch;
  private int reviews;

  Parity(double reviewRate, double delta, RandomGenerator random) {
    this.reviewRate = reviewRate;
    this.delta = delta;
    this.random = random;
    this.watch = AuditMonitor.starting(HALF, delta);
  }

  /** How many answers people were asked about. */
  int reviews() {
    return reviews;
  }

  private boolean drawn(Recorded recorded) {
    boolean drawn = recorded.human() != null && random.nextDouble() < reviewRate;
    reviews += drawn ? 1 : 0;
    return drawn;
  }

  /** What an answer that no audit drew teaches; empty where it is to show where to begin. */
  Optional<Reference> lesson(Recorded recorded, Reference reference) {
    if (!drawn(recorded)) {
      return Optional.of(reference);
    }
    if (random.nextDouble() < SCOUTS) {
      scouts.add(recorded);
      return Optional.empty();
    }
    return Optional.of(corrected(reference, human(recorded)));
  }

  private static Reference corrected(Reference reference, Label human) {
    Attempt.Proposed said = reference.proposal();
    return new Reference(
        reference.request(),
        new Attempt.Proposed(
            new Answer.Classified(human, Distribution.certain(human)),
            said.confidence(),
            said.usage(),
            said.version()),
        reference.audited());
  }

  /**
   * Takes an audit's evidence.
   *
   * @return whether the watch over the open gate has rung
   */
  boolean audit(Audited audited, Recorded recorded) {
    if (!drawn(recorded)) {
      return false;
    }
    judged.add(recorded);
    if (audited.gate() instanceof Gate.Open open) {
      observe(audited, recorded, open.thresholds());
    }
    return watch.rang();
  }

  private void observe(Audited audited, Recorded recorded, Thresholds thresholds) {
    for (JudgedAttempt tried : audited.attempts()) {
      if (tried.tier() == TierName.STUDENT
          && tried.attempt() instanceof Attempt.Proposed proposed
          && proposed.answer() instanceof Answer.Classified answer
          && thresholds.pass(TierName.STUDENT, proposed.confidence())) {
        JudgedAnswer each = judgedAnswer(answer.label(), proposed.confidence(), recorded);
        if (each.discordant()) {
          watch = watch.observe(!each.right());
        }
      }
    }
  }

  /** After an alarm, evidence from before it certifies nothing. */
  void begin() {
    judged.clear();
    scouts.clear();
    watch = AuditMonitor.starting(HALF, delta);
  }

  /** A new student is live. */
  void changed() {
    watch = AuditMonitor.starting(HALF, delta);
  }

  @Override
  public Certification certify(
      Student student, Contract contract, int testIndex, List<Audit> audited) {
    List<Confidence> grid =
        ConfidenceGrid.path().steps().stream()
            .map(step -> step.of(TierName.STUDENT).orElseThrow())
            .toList();
    return ParityCertifier.certify(
        delta, testIndex, grid, scored(student, scouts), scored(student, judged));
  }

  private static List<JudgedAnswer> scored(Student student, List<Recorded> recorded) {
    List<Input> inputs = recorded.stream().map(each -> each.answered().input()).toList();
    List<Prediction> predictions = inputs.isEmpty() ? List.of() : student.predict(inputs);
    List<JudgedAnswer> scored = new ArrayList<>();
    for (int i = 0; i < predictions.size(); i++) {
      Prediction prediction = predictions.get(i);
      scored.add(judgedAnswer(prediction.label(), prediction.confidence(), recorded.get(i)));
    }
    return scored;
  }

  private static JudgedAnswer judgedAnswer(Label label, Confidence confidence, Recorded recorded) {
    Label human = human(recorded);
    return new JudgedAnswer(
        confidence, label.equals(human), recorded.answered().label().equals(human));
  }

  private static Label human(Recorded recorded) {
    Label human = recorded.human();
    if (human == null) {
      throw new IllegalStateException("only what people said is kept");
    }
    return human;
  }
}
