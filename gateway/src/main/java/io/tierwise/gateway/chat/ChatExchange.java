package io.tierwise.gateway.chat;

import io.tierwise.gateway.chat.ChatUpstream.Opened;
import io.tierwise.gateway.dialect.OpenAiDialect;
import io.tierwise.gateway.dialect.Reply;
import io.tierwise.gateway.dialect.TierwiseHeaders;
import io.tierwise.gateway.tier.Resilience.Health;
import io.tierwise.router.Receipts;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.JudgedAttempt;
import io.tierwise.router.contract.Verdict;
import io.tierwise.router.cost.Claim;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Reservation;
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
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The whole way of one chat request, from its reservation to its receipt. */
final class ChatExchange {
  private static final Duration LEASE_AFTER_DEADLINE = Duration.ofSeconds(10);

  private final ChatTask chat;
  private final ChatBody body;
  private final RequestContext context;
  private final Chats.Ports ports;
  private final InferenceRequest.Chat request;
  private final List<JudgedAttempt> attempts = new ArrayList<>();
  private final long started;
  private final Instant now;

  ChatExchange(ChatTask chat, ChatBody body, RequestContext context, Chats.Ports ports) {
    this.chat = chat;
    this.body = body;
    this.context = context;
    this.ports = ports;
    this.request =
        new InferenceRequest.Chat(
            context,
            chat.task(),
            List.of(new InferenceRequest.Chat.Turn("body", body.json().toString())));
    this.started = ports.ticker().getAsLong();
    this.now = ports.clock().instant();
  }

  /** One upstream to be asked, and how the router saw it. */
  private record Leg(TierName tier, ChatUpstream upstream, ChatGate.Opinion opinion) {}

  Reply answer(ChatMode mode) {
    return switch (ports.budgets().reserve(claim())) {
      case Reservation.Granted granted -> answer(granted, plan(mode));
      case Reservation.Exhausted exhausted ->
          refuse(
              null,
              switch (exhausted.limit().measure()) {
                case DOLLARS ->
                    new Refusal.BudgetExhausted(exhausted.limit(), exhausted.resetsAt());
                case REQUESTS, TOKENS ->
                    new Refusal.RateLimited(exhausted.limit(), exhausted.resetsAt());
              });
    };
  }

  private List<Leg> plan(ChatMode mode) {
    Leg strong = new Leg(TierName.LARGE, chat.strong(), ChatGate.Opinion.NONE);
    return switch (mode) {
      case QUALITY -> List.of(strong);
      case CHEAP -> List.of(new Leg(TierName.WEAK, chat.weak(), ChatGate.Opinion.NONE), strong);
      case BALANCED -> {
        ChatGate.Opinion opinion = chat.gate().of(body);
        yield opinion.weak()
            ? List.of(new Leg(TierName.WEAK, chat.weak(), opinion), strong)
            : List.of(strong);
      }
    };
  }

  private Reply answer(Reservation.Granted granted, List<Leg> legs) {
    Refusal refusal = new Refusal.NoCheapCandidate();
    for (Leg leg : legs) {
      long began = ports.ticker().getAsLong();
      Opened opened =
          leg.upstream()
              .open(body.askedOf(leg.upstream().endpoint().model()), context.cancellation());
      switch (opened) {
        case Opened.Failed failed -> {
          refusal = unavailable(leg, failed.cause(), failed.detail(), began);
          if (failed.cause() == Cause.CANCELLED) {
            return refuse(granted, refusal);
          }
        }
        case Opened.Answering answering -> {
          if (tryAnother(answering.status())) {
            boolean limit = answering.status() == 429;
            answering.permit().end(limit ? Health.UNKNOWN : Health.FAILED);
            ChatUpstream.close(answering.body());
            String detail = "it answered with status " + answering.status();
            refusal = unavailable(leg, limit ? Cause.THROTTLED : Cause.FAILED, detail, began);
          } else if (answering.contentType().startsWith("text/event-stream")) {
            return streamed(granted, leg, answering, began);
          } else {
            Whole whole = whole(granted, leg, answering, began);
            if (whole.reply() != null) {
              return whole.reply();
            }
            refusal = whole.refusal();
          }
        }
      }
    }
    return refuse(granted, refusal);
  }

  /** What is wrong with the upstream, and not with what the caller asks. */
  private static boolean tryAnother(int status) {
    return status >= 500
        || status == 401
        || status == 403
        || status == 404
        || status == 405
        || status == 408
        || status == 429;
  }

  /** A reply, or why another upstream is to be tried. */
  private record Whole(@Nullable Reply reply, Refusal refusal) {}

  private Whole whole(
      Reservation.Granted granted, Leg leg, Opened.Answering answering, long began) {
    byte[] content;
    try {
      content = leg.upstream().whole(answering.body());
    } catch (IOException e) {
      boolean left = context.cancellation().cancelled();
      answering.permit().end(left ? Health.UNKNOWN : Health.FAILED);
      Cause cause = left ? Cause.CANCELLED : Cause.FAILED;
      Refusal refusal = unavailable(leg, cause, String.valueOf(e.getMessage()), began);
      return new Whole(left ? refuse(granted, refusal) : null, refusal);
    }
    answering.permit().end(Health.WELL);
    if (answering.status() >= 400) {
      // The caller's own mistake: the upstream says it best, in OpenAI's form.
      Refusal rejected = new Refusal.Rejected(answering.status());
      attempts.add(
          judged(
              leg,
              new Attempt.Unavailable(Cause.FAILED, "status " + answering.status(), Usage.NONE),
              Verdict.NO_CANDIDATE,
              began));
      end(granted, new Decision.Refused(rejected, receipt(Counterfactual.refused(attempts))));
      return new Whole(
          Reply.of(answering.status(), answering.contentType(), idHeader(), content), rejected);
    }
    ChatUsage usage = new ChatUsage(leg.upstream().endpoint().model(), body.json());
    if (!usage.readWhole(content)) {
      Refusal refusal =
          unavailable(leg, Cause.UNUSABLE_ANSWER, "the reply is no JSON object", began);
      return new Whole(null, refusal);
    }
    Decision.Answered decision = answered(leg, usage.usage(elapsed(began)), began);
    end(granted, decision);
    return new Whole(
        Reply.of(
            answering.status(),
            answering.contentType(),
            TierwiseHeaders.of(request, decision),
            content),
        new Refusal.NoCheapCandidate());
  }

  private Reply streamed(
      Reservation.Granted granted, Leg leg, Opened.Answering answering, long began) {
    Decision.Answered foreseen =
        new Decision.Answered(
            new Answer.Message(""),
            leg.tier(),
            confidence(leg),
            leg.opinion().threshold(),
            leg.opinion().certificate(),
            leg.upstream().endpoint().fullVersion(),
            false,
            receipt(new Counterfactual(Money.ZERO, true)));
    Map<String, String> headers = TierwiseHeaders.of(request, foreseen);
    headers.remove(TierwiseHeaders.COST);
    headers.remove(TierwiseHeaders.SAVED);
    headers.put("cache-control", "no-cache");
    ChatUsage usage = new ChatUsage(leg.upstream().endpoint().model(), body.json());
    return Reply.streamed(
        answering.status(),
        answering.contentType(),
        headers,
        out -> {
          ChatStream.Outcome outcome =
              new ChatStream(leg.upstream().lines(answering.body()), usage).pass(out);
          switch (outcome) {
            case ENDED -> {
              answering.permit().end(Health.WELL);
              end(granted, answered(leg, usage.usage(elapsed(began)), began));
            }
            case LEFT -> {
              answering.permit().end(Health.UNKNOWN);
              broken(granted, leg, usage, new Refusal.Cancelled(), began);
            }
            case TRUNCATED, STALLED, MALFORMED, ERROR -> {
              answering.permit().end(Health.FAILED);
              broken(granted, leg, usage, new Refusal.StreamBroken(outcome.text()), began);
            }
          }
          outcome.finish(out);
        });
  }

  private void broken(
      Reservation.Granted granted, Leg leg, ChatUsage usage, Refusal refusal, long began) {
    attempts.add(
        judged(
            leg,
            new Attempt.Unavailable(
                refusal instanceof Refusal.Cancelled ? Cause.CANCELLED : Cause.FAILED,
                refusal.code(),
                usage.usage(elapsed(began))),
            Verdict.NO_CANDIDATE,
            began));
    end(granted, new Decision.Refused(refusal, receipt(Counterfactual.refused(attempts))));
  }

  private Decision.Answered answered(Leg leg, Usage usage, long began) {
    String version = leg.upstream().endpoint().fullVersion();
    attempts.add(
        judged(
            leg,
            new Attempt.Proposed(new Answer.Message(""), confidence(leg), usage, version),
            Verdict.ACCEPTED,
            began));
    return new Decision.Answered(
        new Answer.Message(""),
        leg.tier(),
        confidence(leg),
        leg.opinion().threshold(),
        leg.opinion().certificate(),
        version,
        false,
        // The weak model's tokens at the strong one's price: about what that would have cost.
        receipt(Counterfactual.of(attempts, chat.strong().tariff(), usage)));
  }

  private static Confidence confidence(Leg leg) {
    return leg.tier() == TierName.LARGE ? Confidence.FULL : leg.opinion().confidence();
  }

  private Refusal unavailable(Leg leg, Cause cause, String detail, long began) {
    attempts.add(
        judged(
            leg, new Attempt.Unavailable(cause, detail, Usage.NONE), Verdict.NO_CANDIDATE, began));
    return cause == Cause.CANCELLED
        ? new Refusal.Cancelled()
        : new Refusal.LargeUnavailable(cause, detail);
  }

  private JudgedAttempt judged(Leg leg, Attempt attempt, Verdict verdict, long began) {
    Money cost = leg.upstream().tariff().cost(attempt.usage());
    return new JudgedAttempt(leg.tier(), attempt, verdict, cost, elapsed(began));
  }

  private Reply refuse(Reservation.@Nullable Granted granted, Refusal refusal) {
    Decision.Refused refused =
        new Decision.Refused(refusal, receipt(Counterfactual.refused(attempts)));
    end(granted, refused);
    return OpenAiDialect.refusal(request, refused);
  }

  private void end(Reservation.@Nullable Granted granted, Decision decision) {
    Receipt receipt = decision.receipt();
    if (granted != null) {
      long tokens =
          receipt.attempts().stream()
              .map(each -> each.attempt().usage())
              .mapToLong(usage -> usage.inputTokens() + usage.outputTokens())
              .sum();
      ports.budgets().settle(granted, receipt.cost(), tokens);
    }
    ports.ledger().record(Receipts.entry(request, decision, now));
    ports.metrics().decided(chat.task().name(), decision);
  }

  private Claim claim() {
    Usage most = Usage.tokens(body.inputTokens(), body.mostOutputTokens(), Duration.ZERO);
    return new Claim(
        context.tenant(),
        chat.task().name(),
        chat.strong().tariff().cost(most).plus(chat.weak().tariff().cost(most)),
        most.inputTokens() + most.outputTokens(),
        now,
        context.deadline().plus(LEASE_AFTER_DEADLINE));
  }

  private Receipt receipt(Counterfactual counterfactual) {
    return new Receipt(attempts, List.of(), counterfactual, false, elapsed(started));
  }

  private Map<String, String> idHeader() {
    return Map.of(TierwiseHeaders.REQUEST_ID, context.id());
  }

  private Duration elapsed(long since) {
    return Duration.ofNanos(Math.max(0, ports.ticker().getAsLong() - since));
  }
}
