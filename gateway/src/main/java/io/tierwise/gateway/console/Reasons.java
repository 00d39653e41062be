package io.tierwise.gateway.console;

import io.tierwise.gateway.store.GateMove;
import io.tierwise.gateway.store.KeptCertificate;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.Certificate;
import io.tierwise.router.contract.Verdict;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.tier.TierName;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Optional;

/** Why a request went the way it did, in sentences. */
final class Reasons {
  private static final MathContext FOUR_DIGITS = new MathContext(4);

  private final LedgerEntry entry;
  private final GatesThen gates;
  private final GateThen gate;
  private final boolean chat;

  Reasons(LedgerEntry entry, GatesThen gates) {
    this.entry = entry;
    this.gates = gates;
    this.gate = gates.gate();
    this.chat = gates.chat();
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
          "The exact cache holds the "
              + model()
              + " model's own answer to the same text, so nothing else was asked.";
      case SEMANTIC_CACHE, STUDENT, SECOND_STUDENT ->
          line(tier).map(line -> capital(tier) + " was sure enough: " + against(line)).orElse("")
              + ".";
      case WEAK ->
          entry.certificate() == null
              ? "The caller asked for the cheaper model."
              : accepted()
                      .map(line ->
                          "The router held the weak model for good enough: " + against(line))
                      .orElse("The weak model answered")
                  + "."
                  + hedged();
      case LARGE -> chat ? chosen() + hedged() : escalated();
    };
  }

  private String escalated() {
    if (gate.mode() == GateMove.Mode.OBSERVE) {
      return "The task was in observe mode: the large model answers everything, and what cheap"
          + " tiers propose is only scored.";
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

  /** Why a chat's strong model answered. */
  private String chosen() {
    Optional<LedgerEntry.Line> weak =
        entry.lines().stream()
            .filter(line -> line.tier() == TierName.WEAK)
            .reduce((earlier, later) -> later);
    if (weak.isEmpty()) {
      return gate.mode() == GateMove.Mode.OPEN
          ? "The caller asked for the strong model, or there was no text to route by."
          : "No router was certified (" + gate.reason() + "), so the strong model answered.";
    }
    LedgerEntry.Line line = weak.get();
    if (line.verdict() == Verdict.NO_CANDIDATE) {
      return "The weak model was to answer and could not, so the strong one did.";
    }
    return line.usage().requests() > 0
        ? "A second look at the weak model's answer found it unsure, so the strong one answered."
        : "The router was not sure enough of the weak model: "
            + against(line)
            + ". So the strong model answered.";
  }

  private String hedged() {
    return entry.lines().stream().anyMatch(Reasons::calledOff)
        ? " The call took longer than usual and was made a second time."
        : "";
  }

  /** Whoever is hung up on does not say what it counted. */
  private static boolean calledOff(LedgerEntry.Line line) {
    return line.verdict() == Verdict.NO_CANDIDATE && line.usage().estimated();
  }

  private String model() {
    return chat ? "strong" : "large";
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
      case "rejected-by-upstream" ->
          "The upstream found the request wrong; what it said was passed on.";
      case "stream-truncated", "stream-stalled", "stream-malformed", "stream-error" ->
          "The upstream's stream did not come to its end; what came is charged.";
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
      return "None: the answer is the " + model() + " model's own.";
    }
    if (tier == TierName.WEAK && entry.certificate() == null) {
      return "Outside the contract: the caller asked for the cheaper model.";
    }
    KeptCertificate kept = gates.of(tier).certificate();
    if (kept == null) {
      return "Its certificate is not in this store.";
    }
    Certificate certificate = kept.certificate();
    return "At most %s of all answers of this %s, at confidence %s: %d of %d %s were lost at these thresholds (p = %s, needed at most %s)."
        .formatted(
            percent(certificate.contract().epsilon()),
            chat ? "chat are worse than the strong model's" : "task differ from the large model's",
            percent(1 - certificate.contract().delta()),
            certificate.losses(),
            certificate.samples(),
            chat ? "judged prompts" : "audited requests",
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
            case SEMANTIC_CACHE, STUDENT, SECOND_STUDENT -> "Accepted: " + against(line) + ".";
            case WEAK ->
                entry.certificate() == null
                    ? "Asked before the strong model, and it answered."
                    : "Accepted: " + against(line) + ".";
          };
      case WOULD_ACCEPT ->
          "It would have answered"
              + (gate.mode() == GateMove.Mode.OBSERVE
                  ? ", were the task not in observe mode."
                  : "; it was tried for the audit, after the answer.");
      case PASSED_ON -> passedOn(line, taken);
      case NO_CANDIDATE ->
          switch (line.tier()) {
            case EXACT_CACHE -> "No answer to this text was kept.";
            case SEMANTIC_CACHE -> "Nothing near enough was kept.";
            case STUDENT -> "No student was live, or it could not answer.";
            case SECOND_STUDENT -> "It could not answer.";
            case WEAK, LARGE ->
                calledOff(line)
                    ? "Called off before its answer was whole; what it had read is charged."
                    : "It gave no usable answer.";
          };
    };
  }

  private String passedOn(LedgerEntry.Line line, boolean taken) {
    if (taken) {
      return "Passed on by its gate, and taken all the same: the answer is degraded.";
    }
    if (entry.purpose() == LedgerEntry.Purpose.AUDIT) {
      return "Asked for the audit.";
    }
    boolean asked = line.tier() == TierName.WEAK && line.usage().requests() > 0;
    return asked
        ? "It answered, and its answer was looked at: unsure, or asked again to compare."
        : "Passed on: " + against(line) + ".";
  }

  private Optional<LedgerEntry.Line> accepted() {
    return entry.lines().stream().filter(line -> line.verdict() == Verdict.ACCEPTED).findFirst();
  }

  private String against(LedgerEntry.Line line) {
    String confidence = line.confidence() == null ? "unknown" : digits(line.confidence());
    GateThen met = gates.of(line.tier());
    Optional<Confidence> threshold = met.threshold(line);
    if (threshold.isPresent()) {
      double needed = threshold.get().value();
      boolean reached = line.confidence() != null && line.confidence() >= needed;
      return "confidence %s %s the certified threshold %s"
          .formatted(confidence, reached ? "reaches" : "is below", digits(needed));
    }
    if (line.tier() == TierName.WEAK && !gate.alone()) {
      return "confidence " + confidence + " did not pass its own router's gate";
    }
    return met.mode() == GateMove.Mode.SHUT
        ? "confidence " + confidence + ", and the gate was shut"
        : "confidence " + confidence + ", and there was no certified threshold";
  }

  private Optional<LedgerEntry.Line> line(TierName tier) {
    return entry.lines().stream().filter(line -> line.tier() == tier).findFirst();
  }

  private static String capital(TierName tier) {
    return "The " + tier.text().replace('-', ' ');
  }

  static String percent(double share) {
    return digits(100 * share) + " %";
  }

  private static String digits(double value) {
    return new BigDecimal(value).round(FOUR_DIGITS).stripTrailingZeros().toPlainString();
  }
}
