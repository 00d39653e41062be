package io.tierwise.gateway.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tierwise.gateway.store.GateMove;
import io.tierwise.gateway.store.KeptCertificate;
import io.tierwise.gateway.testing.Entries;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.Certificate;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.contract.Thresholds;
import io.tierwise.router.contract.Verdict;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.tier.TierName;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReasonsTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final KeptCertificate CERTIFICATE =
      new KeptCertificate(
          "cert-1",
          "triage",
          "v1",
          new Certificate(
              new Contract(0.05, 0.05),
              1,
              0.025,
              463,
              13,
              0.01429,
              0.64,
              Thresholds.student(new Confidence(0.75))),
          NOW);

  private static GatesThen gate(GateMove.Mode mode, @Nullable KeptCertificate certificate) {
    GateThen gate = new GateThen(mode, "incident 7", certificate, true);
    return new GatesThen(gate, gate, false);
  }

  private static LedgerEntry escalated(Verdict verdict, @Nullable Double confidence) {
    return Entries.served(
        NOW,
        1,
        TierName.LARGE,
        "0.01",
        Entries.line(TierName.STUDENT, verdict, confidence, "0.001"),
        Entries.line(TierName.LARGE, Verdict.ACCEPTED, 1.0, "0.01"));
  }

  private static String why(LedgerEntry entry, GatesThen gates) {
    return new Reasons(entry, gates).tier();
  }

  @Test
  void saysHowSureTheStudentWasAgainstItsThreshold() {
    LedgerEntry.Line line = Entries.line(TierName.STUDENT, Verdict.ACCEPTED, 0.8252, "0.001");
    LedgerEntry entry = Entries.served(NOW, 1, TierName.STUDENT, "0.01", line);
    Reasons reasons = new Reasons(entry, gate(GateMove.Mode.OPEN, CERTIFICATE));
    assertEquals(
        "The student was sure enough: confidence 0.8252 reaches the certified threshold 0.75.",
        reasons.tier());
    assertEquals(
        "At most 5 % of all answers of this task differ from the large model's, at confidence 95 %:"
            + " 13 of 463 audited requests were lost at these thresholds (p = 0.01429, needed at"
            + " most 0.025).",
        reasons.risk());
    assertEquals(
        "Accepted: confidence 0.8252 reaches the certified threshold 0.75.", reasons.attempt(line));
  }

  @Test
  void saysWhyTheLargeModelAnswered() {
    assertEquals(
        "The student was not sure enough: confidence 0.5 is below the certified threshold 0.75. So"
            + " the large model answered.",
        why(escalated(Verdict.PASSED_ON, 0.5), gate(GateMove.Mode.OPEN, CERTIFICATE)));
    assertEquals(
        "The gate was shut (incident 7), so only exact hits and the large model answered.",
        why(escalated(Verdict.PASSED_ON, 0.9), gate(GateMove.Mode.SHUT, null)));
    assertEquals(
        "The task was in observe mode: the large model answers everything, and what cheap tiers"
            + " propose is only scored.",
        why(escalated(Verdict.WOULD_ACCEPT, 0.9), gate(GateMove.Mode.OBSERVE, CERTIFICATE)));
    assertEquals(
        "No cheap tier had a candidate, so the large model answered.",
        why(escalated(Verdict.NO_CANDIDATE, null), gate(GateMove.Mode.OPEN, CERTIFICATE)));
    assertEquals(
        "None: the answer is the large model's own.",
        new Reasons(escalated(Verdict.PASSED_ON, 0.5), gate(GateMove.Mode.OPEN, CERTIFICATE))
            .risk());
  }

  @Test
  void saysWhyNobodyAnswered() {
    LedgerEntry refused = Entries.served(NOW, 1, null, "0");
    assertEquals(
        "No cheap tier was sure enough, the large model could not answer, and the policy is to"
            + " refuse.",
        why(refused, gate(GateMove.Mode.OPEN, CERTIFICATE)));
    assertEquals(
        "None: there is no answer.",
        new Reasons(refused, gate(GateMove.Mode.OPEN, CERTIFICATE)).risk());
  }
}
