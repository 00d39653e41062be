package io.tierwise.gateway.chat;

import io.tierwise.gateway.store.ChatAnswerStore.Kept;
import io.tierwise.router.Receipts;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.JudgedAttempt;
import io.tierwise.router.contract.Verdict;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Reservation;
import io.tierwise.router.cost.Tariff;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.ledger.Counterfactual;
import io.tierwise.router.ledger.Receipt;
import io.tierwise.router.policy.Decision;
import io.tierwise.router.policy.Refusal;
import io.tierwise.router.request.Answer;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.request.RequestContext;
import io.tierwise.router.tier.Attempt;
import io.tierwise.router.tier.Attempt.Cause;
import io.tierwise.router.tier.TierName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is written down of one chat request: its attempts, and at its end its receipt. */
final class ChatRecord {
  private final ChatTask chat;
  private final Chats.Ports ports;
  private final InferenceRequest.Chat request;
  private final List<JudgedAttempt> attempts = new ArrayList<>();
  private final List<Drawn> drawn = new ArrayList<>();
  private final long started;
  private final Instant now;
  private Reservation.@Nullable Granted granted;

  /** An audit to be made of this request. */
  private record Drawn(ChatAudits audits, ChatCase about, Opinion opinion) {}

  ChatRecord(ChatTask chat, ChatBody body, RequestContext context, Chats.Ports ports) {
    this.chat = chat;
    this.ports = ports;
    this.request =
        new InferenceRequest.Chat(
            context,
            chat.task(),
            List.of(new InferenceRequest.Chat.Turn("body", body.json().toString())));
    this.started = ports.ticker().getAsLong();
    this.now = ports.clock().instant();
  }

  InferenceRequest.Chat request() {
    return request;
  }

  Instant now() {
    return now;
  }

  /** What is set aside is to be settled at the end. */
  void granted(Reservation.Granted reserved) {
    granted = reserved;
  }

  void drawn(ChatAudits audits, ChatCase about, Opinion opinion) {
    drawn.add(new Drawn(audits, about, opinion));
  }

  long ticks() {
    return ports.ticker().getAsLong();
  }

  Duration since(long began) {
    return Duration.ofNanos(Math.max(0, ticks() - began));
  }

  /** A model gave no answer. */
  void failed(Leg leg, Cause cause, String detail, Usage usage, long began) {
    Attempt attempt = new Attempt.Unavailable(cause, detail, usage);
    attempts.add(judged(leg, attempt, Verdict.NO_CANDIDATE, began));
  }

  /** A model's answer was looked at and not given. */
  void passedOn(Leg leg, Usage usage, long began) {
    attempts.add(judged(leg, proposed(leg, usage), Verdict.PASSED_ON, began));
  }

  /** A router was not sure enough of its model, which was not asked. */
  void routedPast(Leg leg, long began) {
    attempts.add(
        new JudgedAttempt(
            leg.tier(), proposed(leg, Usage.NONE), Verdict.PASSED_ON, Money.ZERO, since(began)));
  }

  /** Calls that were made beside the answer. */
  void beside(List<JudgedAttempt> calls) {
    attempts.addAll(calls);
  }

  /** A cache was asked. */
  void looked(TierName tier, Attempt attempt, Verdict verdict, Tariff tariff, long began) {
    attempts.add(
        new JudgedAttempt(tier, attempt, verdict, tariff.cost(attempt.usage()), since(began)));
  }

  /** Ends with an answer to the very same body. */
  Decision.Answered remembered(Kept kept) {
    return ended(
        answer(
            TierName.EXACT_CACHE,
            Confidence.FULL,
            Opinion.NONE,
            kept.version(),
            receipt(Counterfactual.of(attempts, chat.strong().tariff(), Usage.NONE))));
  }

  /** Ends with an answer to a question that means the same: about what this one would have cost. */
  Decision.Answered remembered(Kept kept, Opinion opinion) {
    return ended(
        answer(
            TierName.SEMANTIC_CACHE,
            opinion.confidence(),
            opinion,
            kept.version(),
            receipt(Counterfactual.of(attempts, chat.strong().tariff(), kept.usage()))));
  }

  /** Ends with a model's answer. */
  Decision.Answered answered(Leg leg, Usage usage, long began) {
    attempts.add(judged(leg, proposed(leg, usage), Verdict.ACCEPTED, began));
    // The weak model's tokens at the strong one's price: about what that would have cost.
    return ended(answer(leg, receipt(Counterfactual.of(attempts, chat.strong().tariff(), usage))));
  }

  /** What an answer that only begins will have been, as far as it is known. */
  Decision.Answered foreseen(Leg leg) {
    return answer(leg, receipt(new Counterfactual(Money.ZERO, true)));
  }

  private static Decision.Answered answer(Leg leg, Receipt receipt) {
    String version = leg.upstream().endpoint().fullVersion();
    return answer(leg.tier(), leg.confidence(), leg.opinion(), version, receipt);
  }

  private static Decision.Answered answer(
      TierName tier, Confidence confidence, Opinion opinion, String version, Receipt receipt) {
    return new Decision.Answered(
        new Answer.Message(""),
        tier,
        confidence,
        opinion.threshold(),
        opinion.certificate(),
        version,
        false,
        receipt);
  }

  /** Ends without an answer. */
  Decision.Refused refused(Refusal refusal) {
    return ended(new Decision.Refused(refusal, receipt(Counterfactual.refused(attempts))));
  }

  private <T extends Decision> T ended(T decision) {
    Receipt receipt = decision.receipt();
    Reservation.Granted reserved = granted;
    if (reserved != null) {
      long tokens =
          receipt.attempts().stream()
              .map(each -> each.attempt().usage())
              .mapToLong(usage -> usage.inputTokens() + usage.outputTokens())
              .sum();
      ports.budgets().settle(reserved, receipt.cost(), tokens);
    }
    // Before the ledger: a crash between the two leaves an audit too many, never one forgotten.
    drawn.forEach(each -> each.audits().submit(request.context(), each.about(), each.opinion()));
    ports.ledger().record(Receipts.entry(request, decision, now));
    ports.metrics().decided(chat.task().name(), decision);
    return decision;
  }

  private static Attempt.Proposed proposed(Leg leg, Usage usage) {
    return new Attempt.Proposed(
        new Answer.Message(""), leg.confidence(), usage, leg.upstream().endpoint().fullVersion());
  }

  private JudgedAttempt judged(Leg leg, Attempt attempt, Verdict verdict, long began) {
    return new JudgedAttempt(
        leg.tier(), attempt, verdict, leg.upstream().tariff().cost(attempt.usage()), since(began));
  }

  private Receipt receipt(Counterfactual counterfactual) {
    return new Receipt(attempts, List.of(), counterfactual, !drawn.isEmpty(), since(started));
  }
}
