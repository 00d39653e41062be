package io.tierwise.gateway.learning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.AuditSample;
import io.tierwise.router.contract.Audited;
import io.tierwise.router.contract.Gate;
import io.tierwise.router.contract.JudgedAttempt;
import io.tierwise.router.contract.Thresholds;
import io.tierwise.router.contract.Verdict;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.request.Answer;
import io.tierwise.router.request.CacheUse;
import io.tierwise.router.request.Distribution;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.RequestContext;
import io.tierwise.router.request.RoutingPolicy;
import io.tierwise.router.request.Task;
import io.tierwise.router.request.Tenant;
import io.tierwise.router.tier.Attempt;
import io.tierwise.router.tier.TierName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class AuditMessageTest {
  private static final Instant NOW = Instant.parse("2026-03-01T08:00:00.123456789Z");
  private static final Label REFUND = new Label("refund");
  private static final Task.Classification TASK =
      new Task.Classification("support", List.of(REFUND, new Label("other")));

  private static Audited.Pending pending(Gate gate) {
    return pending(gate, new Input.Text("money \"back\"\nplease"));
  }

  private static Audited.Pending pending(Gate gate, Input input) {
    RequestContext context =
        new RequestContext(
            "0193-a",
            new Tenant("acme"),
            RoutingPolicy.DEFAULT,
            new CacheUse(true, false),
            NOW,
            NOW.plusSeconds(30));
    Attempt proposed =
        new Attempt.Proposed(
            new Answer.Classified(REFUND, Distribution.certain(REFUND)),
            new Confidence(1.0 / 3),
            Usage.call(Duration.ofNanos(7)),
            "v1");
    return new Audited.Pending(
        new InferenceRequest.Classify(context, TASK, input),
        gate,
        List.of(
            new JudgedAttempt(
                TierName.EXACT_CACHE,
                new Attempt.Missed(Usage.NONE),
                Verdict.NO_CANDIDATE,
                Money.of("0.1"),
                Duration.ofNanos(5)),
            new JudgedAttempt(
                TierName.STUDENT,
                proposed,
                Verdict.ACCEPTED,
                Money.of("0.2"),
                Duration.ofNanos(6))));
  }

  private static Audited sent(Audited audited) {
    return AuditMessage.decode(AuditMessage.encode(audited), name -> TASK);
  }

  @Test
  void carriesAllThatTheAuditLogAndTheLargeModelNeed() {
    Audited.Pending before =
        pending(new Gate.Open(Thresholds.student(new Confidence(0.5)), "certificate-1"));
    Audited after = sent(before);

    assertEquals(before.request().context().id(), after.request().context().id());
    assertEquals(before.request().context().tenant(), after.request().context().tenant());
    assertEquals(
        ((InferenceRequest.Classify) before.request()).input(),
        ((InferenceRequest.Classify) after.request()).input());
    assertEquals("certificate-1", ((Gate.Open) after.gate()).certificate());
    assertEquals(
        before.attempts().stream().map(JudgedAttempt::verdict).toList(),
        after.attempts().stream().map(JudgedAttempt::verdict).toList());
    Answer reference =
        new Answer.Classified(new Label("other"), Distribution.certain(new Label("other")));
    assertEquals(
        AuditSample.of(before.attempts(), reference).proposals(),
        AuditSample.of(after.attempts(), reference).proposals());
  }

  @Test
  void carriesTheLargeModelsAnswerWhereItIsKnown() {
    Audited.Pending pending = pending(new Gate.Shut("no student"));
    Answer reference =
        new Answer.Classified(new Label("other"), Distribution.certain(new Label("other")));
    Audited.Complete complete =
        new Audited.Complete(pending.request(), pending.gate(), pending.attempts(), reference);

    assertEquals(reference, ((Audited.Complete) sent(complete)).reference());
    assertTrue(sent(pending) instanceof Audited.Pending);
  }

  @Test
  void carriesFeatureVectorsBitByBit() {
    Input vector = new Input.Features(new float[] {0.1f, -3e-30f, 7});
    Audited after = sent(pending(new Gate.Shut("no student"), vector));
    assertEquals(vector, ((InferenceRequest.Classify) after.request()).input());
  }

  @Test
  void anAuditWithoutACertificateStaysWithoutOne() {
    assertEquals(
        new Gate.Observe(Thresholds.NONE), sent(pending(new Gate.Shut("no student"))).gate());
  }

  @Test
  void refusesWhatIsNoMessage() {
    for (String body : List.of("", "{}", "nonsense", "{\"format\": 2}")) {
      assertThrows(InvalidValueException.class, () -> AuditMessage.decode(body, name -> TASK));
    }
  }
}
