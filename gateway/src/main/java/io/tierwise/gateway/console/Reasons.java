package io.tierwise.gateway.console;

import io.tierwise.gateway.store.GateMove;
import io.tierwise.gateway.store.KeptCertificate;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.Certificate;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.tier.TierName;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Optional;

/** Why a request went the way it did, in sentences. */
final class Reasons {
  private static final MathContext FOUR_DIGITS = new MathContext(4);

  private final LedgerEntry entry;
  private final GateThen gate;

  Reasons(LedgerEntry entry, GateThen gate) {
    this.entry = entry;
    this.gate = gate;
  }

  /** Why this tier answered, or none. */
  String tier() {
    TierName tier = entry.answeredBy();
    if (tier == null) {
      return refused();
    }
    if (entry.degraded()) {
      return "The large model could not answer, or a budget had run out, and the policy says"
          + " cheap-only: the best candidate was taken, although no gate accepted it.";
    }
    return switch (tier) {
      case EXACT_CACHE ->
          "The exact cache holds the large model's own answer to the same text, so nothing else was"
              + " asked.";
      case SEMANTIC_CACHE, STUDENT ->
          line(tier).map(line -> capital(tier) + " was sure enough: " + against(line)).orElse("")
              + ".";
      case LARGE -> escalated();
    };
  }

  private String escalated() {
    if (gate.mode() == GateMove.Mode.OBSERVE) {
      return "The task was in observe mode: the large model answers everything, and what cheap tiers"
          + " propose is only scored.";
    }
    Optional<LedgerEntry.Line> cheap =
        entry.lines().stream()
            .filter(line -> line.tier() != TierName.LARGE && line.confidence() != null)
            .findFirst();
    if (gate.mode() == GateMove.Mode.SHUT) {
      return "The gate was shut ("
          + gate.reason()
          + "), so only exact hits and the large model"
          + " answered.";
    }
    if (cheap.isEmpty()) {
      return "No cheap tier had a candidate, so the large model answered.";
    }
    return capital(cheap.get().tier())
        + " was not sure enough: "
        + against(cheap.get())
        + ". So the large model answered.";
  }

  private String refused() {
    return switch (String.valueOf(entry.refusal())) {
      case "budget-exhausted" -> "A budget that concerns this request did not cover it.";
      case "rate-limited" -> "The minute's requests or tokens were used up.";
      case "large-unavailable" ->
          "No cheap tier was sure enough, the large model could not answer, and the policy is to"
              + " refuse.";
      case "deadline-exceeded" -> "The caller's deadline passed before there was an answer.";
      case "cancelled" -> "The caller went away before there was an answer.";
      case "no-cheap-candidate" -> "Only cheap tiers were allowed, and none had a candidate.";
      default -> "It was refused: " + entry.refusal() + ".";
    };
  }

  /** At what risk the answer stands. */
  String risk() {
    TierName tier = entry.answeredBy();
    if (tier == null) {
      return "None: there is no answer.";
    }
    if (entry.degraded()) {
      return "Outside the contract: nothing is promised of this answer.";
    }
    if (tier == TierName.LARGE || tier == TierName.EXACT_CACHE) {
      return "None: the answer is the large model's own.";
    }
    KeptCertificate kept = gate.certificate();
    if (kept == null) {
      return "Its certificate is not in this store.";
    }
    Certificate certificate = kept.certificate();
    return "At most %s of all answers of this task differ from the large model's, at confidence %s: %d of %d audited requests were lost at these thresholds (p = %s, needed at most %s)."
        .formatted(
            percent(certificate.contract().epsilon()),
            percent(1 - certificate.contract().delta()),
            certificate.losses(),
            certificate.samples(),
            digits(certificate.pValue()),
            digits(certificate.deltaSpent()));
  }

  /** What became of one attempt. */
  String attempt(LedgerEntry.Line line) {
    String said = outcome(line);
    return line.shared()
        ? said + " The call was another request's, which is charged for it."
        : said;
  }

  private String outcome(LedgerEntry.Line line) {
    boolean taken = entry.degraded() && line.tier() == entry.answeredBy();
    return switch (line.verdict()) {
      case ACCEPTED ->
          switch (line.tier()) {
            case EXACT_CACHE -> "An exact hit: the large model's own answer, kept.";
            case LARGE -> "It answers whatever reaches it.";
            case SEMANTIC_CACHE, STUDENT -> "Accepted: " + against(line) + ".";
          };
      case WOULD_ACCEPT ->
          "It would have answered"
              + (gate.mode() == GateMove.Mode.OBSERVE
                  ? ", were the task not in observe mode."
                  : "; it was tried for the audit, after the answer.");
      case PASSED_ON ->
          taken
              ? "Passed on by its gate, and taken all the same: the answer is degraded."
              : "Passed on: " + against(line) + ".";
      case NO_CANDIDATE ->
          switch (line.tier()) {
            case EXACT_CACHE -> "No answer to this text was kept.";
            case SEMANTIC_CACHE -> "Nothing near enough was kept.";
            case STUDENT -> "No student was live, or it could not answer.";
            case LARGE -> "It gave no usable answer.";
          };
    };
  }

  private String against(LedgerEntry.Line line) {
    String confidence = line.confidence() == null ? "unknown" : digits(line.confidence());
    Optional<Confidence> threshold = gate.threshold(line.tier());
    if (threshold.isPresent()) {
      double needed = threshold.get().value();
      boolean reached = line.confidence() != null && line.confidence() >= needed;
      return "confidence %s %s the certified threshold %s"
          .formatted(confidence, reached ? "reaches" : "is below", digits(needed));
    }
    return gate.mode() == GateMove.Mode.SHUT
        ? "confidence " + confidence + ", and the gate was shut"
        : "confidence " + confidence + ", and there was no certified threshold";
  }

  private Optional<LedgerEntry.Line> line(TierName tier) {
    return entry.lines().stream().filter(line -> line.tier() == tier).findFirst();
  }

  private static String capital(TierName tier) {
    return tier == TierName.STUDENT ? "The student" : "The " + tier.text().replace('-', ' ');
  }

  static String percent(double share) {
    return digits(100 * share) + " %";
  }

  private static String digits(double value) {
    return new BigDecimal(value).round(FOUR_DIGITS).stripTrailingZeros().toPlainString();
  }
}
