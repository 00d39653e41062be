package io.tierwise.gateway.chat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.tierwise.gateway.chat.ChatUpstream.Called;
import io.tierwise.gateway.chat.ChatUpstream.Opened;
import io.tierwise.gateway.dialect.OpenAiDialect;
import io.tierwise.gateway.dialect.Reply;
import io.tierwise.gateway.dialect.TierwiseHeaders;
import io.tierwise.gateway.tier.Resilience.Health;
import io.tierwise.gateway.tier.TokenCount;
import io.tierwise.router.cost.Claim;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Reservation;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.policy.Decision;
import io.tierwise.router.policy.Refusal;
import io.tierwise.router.request.RequestContext;
import io.tierwise.router.request.RoutingPolicy;
import io.tierwise.router.tier.Attempt.Cause;
import io.tierwise.router.tier.TierName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The whole way of one chat request, from its reservation to its receipt. */
final class ChatExchange {
  private static final Duration LEASE_AFTER_DEADLINE = Duration.ofSeconds(10);

  private final ChatTask chat;
  private final ChatBody body;
  private final RequestContext context;
  private final Chats.Ports ports;
  private final ChatRecord record;
  private final KeptAnswers kept;
  private @Nullable Spare spare;

  /** A weak model's answer that was passed on: better than none. */
  private record Spare(Leg leg, Called.Said said) {}

  /** A reply, or why another model is to be tried. */
  private record Tried(@Nullable Reply reply, Refusal refusal) {
    static Tried replied(Reply reply) {
      return new Tried(reply, new Refusal.NoCheapCandidate());
    }

    static Tried without(Refusal refusal) {
      return new Tried(null, refusal);
    }
  }

  ChatExchange(ChatTask chat, ChatBody body, RequestContext context, Chats.Ports ports) {
    this.chat = chat;
    this.body = body;
    this.context = context;
    this.ports = ports;
    this.record = new ChatRecord(chat, body, context, ports);
    this.kept = new KeptAnswers(chat, body, context, record);
  }

  Reply answer(ChatMode mode) {
    return switch (ports.budgets().reserve(claim())) {
      case Reservation.Granted granted -> {
        record.granted(granted);
        yield routed(mode);
      }
      case Reservation.Exhausted exhausted ->
          refuse(
              switch (exhausted.limit().measure()) {
                case DOLLARS ->
                    new Refusal.BudgetExhausted(exhausted.limit(), exhausted.resetsAt());
                case REQUESTS, TOKENS ->
                    new Refusal.RateLimited(exhausted.limit(), exhausted.resetsAt());
              });
    };
  }

  private Reply routed(ChatMode mode) {
    List<Leg> legs = plan(mode);
    return kept.reply(mode).orElseGet(() -> tried(legs));
  }

  /** The weak models from the cheapest on, as far as they may answer; then the others. */
  private List<Leg> plan(ChatMode mode) {
    List<Leg> legs =
        new ArrayList<>(
            switch (mode) {
              case QUALITY -> List.of();
              case CHEAP ->
                  cheapestFirst().stream()
                      .map(model -> Leg.weak(model.upstream(), Opinion.NONE))
                      .toList();
              case BALANCED -> balanced();
            });
    legs.add(Leg.strong(chat.strong()));
    chat.fallbacks().forEach(each -> legs.add(Leg.strong(each)));
    return legs;
  }

  /** The coins fall before any router is asked. */
  private List<Leg> balanced() {
    List<Leg> sure = new ArrayList<>();
    for (WeakModel model : cheapestFirst()) {
      boolean audited =
          context.policy() == RoutingPolicy.DEFAULT
              && model.gate().router().isPresent()
              && model.audits().draw();
      if (sure.isEmpty() || audited) {
        long began = record.ticks();
        Opinion opinion = model.opinion(body, audited);
        if (audited) {
          record.drawn(model.audits(), new ChatCase(body, null), opinion);
        }
        if (sure.isEmpty() && opinion.accepted()) {
          sure.add(Leg.weak(model.upstream(), opinion));
        } else if (sure.isEmpty() && opinion.artifact() != null) {
          record.routedPast(Leg.weak(model.upstream(), opinion), began);
        }
      }
    }
    return sure;
  }

  private List<WeakModel> cheapestFirst() {
    return chat.weak().stream()
        .sorted(Comparator.comparing((WeakModel model) -> most(model.upstream())))
        .toList();
  }

  private Reply tried(List<Leg> legs) {
    Refusal refusal = new Refusal.NoCheapCandidate();
    for (Leg leg : legs) {
      Tried tried = ask(leg);
      if (tried.reply() != null) {
        return tried.reply();
      }
      refusal = tried.refusal();
      if (refusal instanceof Refusal.Cancelled) {
        return refuse(refusal);
      }
    }
    Spare left = spare;
    // Its calls are paid for already.
    return left == null
        ? refuse(refusal)
        : given(left.leg(), left.said(), Usage.NONE, record.ticks());
  }

  private Tried ask(Leg leg) {
    long began = record.ticks();
    boolean looked = leg.opinion().accepted() && !body.stream();
    ObjectNode question = looked ? chat.secondStage().asked(body.json()) : body.json();
    return switch (open(leg, question, began)) {
      case Opened.Failed failed -> failed(leg, failed.cause(), failed.detail(), began);
      case Opened.Unsupported unsupported ->
          rejected(leg, ChatUpstream.rejected(unsupported), began);
      case Opened.Answering answering ->
          answering.stream()
              ? Tried.replied(streamed(leg, answering, began))
              : switch (leg.upstream().whole(answering, question, context.cancellation())) {
                case Called.Failed failed -> failed(leg, failed.cause(), failed.detail(), began);
                case Called.Rejected rejected -> rejected(leg, rejected, began);
                case Called.Said said -> looked ? looked(leg, said, began) : said(leg, said, began);
              };
    };
  }

  private Opened open(Leg leg, ObjectNode question, long began) {
    Optional<Duration> usual =
        chat.hedged() ? leg.upstream().usual(body.stream()) : Optional.empty();
    if (usual.isEmpty()) {
      return leg.upstream().open(question, context.cancellation());
    }
    Hedge.Result result =
        new Hedge(leg.upstream(), question, context.cancellation()).open(usual.get());
    if (result.hedged()) {
      // Whoever is hung up on does not say what it counted; the question it has read.
      Usage read =
          TokenCount.estimate(
              leg.upstream().endpoint().model(),
              question,
              TextNode.valueOf(""),
              Usage.call(record.since(began)));
      record.failed(leg, Cause.CANCELLED, "the same call was answered sooner", read, began);
    }
    return result.opened();
  }

  private Tried failed(Leg leg, Cause cause, String detail, long began) {
    record.failed(leg, cause, detail, Usage.NONE, began);
    return Tried.without(
        cause == Cause.CANCELLED
            ? new Refusal.Cancelled()
            : new Refusal.LargeUnavailable(cause, detail));
  }

  /**
   * What a weak model finds wrong the strong one may take: a longer question, another field. What
   * that finds wrong is the caller's own mistake, and the upstream says it best.
   */
  private Tried rejected(Leg leg, Called.Rejected rejected, long began) {
    record.failed(leg, Cause.FAILED, "status " + rejected.status(), Usage.NONE, began);
    Refusal refusal = new Refusal.Rejected(rejected.status());
    if (leg.tier() == TierName.WEAK) {
      return Tried.without(refusal);
    }
    record.refused(refusal);
    return Tried.replied(
        Reply.of(
            rejected.status(),
            rejected.contentType(),
            Map.of(TierwiseHeaders.REQUEST_ID, context.id()),
            rejected.content()));
  }

  private Tried said(Leg leg, Called.Said said, long began) {
    Usage usage = said.usage().usage(record.since(began));
    if (own(leg)) {
      kept.keep(said.contentType(), said.content(), usage);
    }
    return Tried.replied(given(leg, said, usage, began));
  }

  /** The strong model's own answers: nothing else is ever kept. */
  private boolean own(Leg leg) {
    return leg.upstream() == chat.strong();
  }

  private Tried looked(Leg leg, Called.Said said, long began) {
    Usage usage = said.usage().usage(record.since(began));
    SecondStage.Look look = chat.secondStage().look(body, said, leg.upstream(), ports.ticker());
    record.beside(look.calls());
    if (look.sure()) {
      return Tried.replied(given(leg, look.said(), usage, began));
    }
    record.passedOn(leg, usage, began);
    spare = new Spare(leg, look.said());
    return Tried.without(new Refusal.NoCheapCandidate());
  }

  private Reply given(Leg leg, Called.Said said, Usage usage, long began) {
    Decision.Answered decision = record.answered(leg, usage, began);
    return Reply.of(said.status(), said.contentType(), headers(decision), said.content());
  }

  private Reply streamed(Leg leg, Opened.Answering answering, long began) {
    Map<String, String> headers = headers(record.foreseen(leg));
    headers.remove(TierwiseHeaders.COST);
    headers.remove(TierwiseHeaders.SAVED);
    headers.put("cache-control", "no-cache");
    ChatUsage usage = new ChatUsage(leg.upstream().endpoint().model(), body.json());
    return Reply.streamed(
        answering.status(),
        answering.contentType(),
        headers,
        out -> {
          ChatStream stream =
              new ChatStream(leg.upstream().lines(answering.body(), body.json()), usage);
          StreamCopy copy = new StreamCopy(out, own(leg) ? kept.mostOfStream() : 0);
          ChatStream.Outcome outcome = stream.pass(copy);
          Usage used = usage.usage(record.since(began));
          switch (outcome) {
            case ENDED -> {
              answering.permit().end(Health.WELL);
              record.answered(leg, used, began);
              if (stream.whole()) {
                copy.before(ChatStream.LAST)
                    .ifPresent(events -> kept.keep(answering.contentType(), events, used));
              }
            }
            case LEFT -> {
              answering.permit().end(Health.UNKNOWN);
              Refusal left = new Refusal.Cancelled();
              record.failed(leg, Cause.CANCELLED, left.code(), used, began);
              record.refused(left);
            }
            case TRUNCATED, STALLED, MALFORMED, ERROR -> {
              answering.permit().end(Health.FAILED);
              Refusal broken = new Refusal.StreamBroken(outcome.text());
              record.failed(leg, Cause.FAILED, broken.code(), used, began);
              record.refused(broken);
            }
          }
          outcome.finish(out);
        });
  }

  private Map<String, String> headers(Decision.Answered decision) {
    return TierwiseHeaders.of(record.request(), decision);
  }

  private Reply refuse(Refusal refusal) {
    Decision.Refused refused = record.refused(refusal);
    return OpenAiDialect.refusal(record.request(), refused);
  }

  /** Each model once, or as often as it may be asked. */
  private Claim claim() {
    Money most = Money.ZERO;
    for (ChatUpstream upstream : chat.upstreams()) {
      most = most.plus(most(upstream));
    }
    for (WeakModel model : chat.weak()) {
      most = most.plus(most(model.upstream()).times(chat.secondStage().furtherCalls()));
    }
    if (chat.hedged()) {
      most = most.times(2);
    }
    Usage each = mostUsed();
    return new Claim(
        context.tenant(),
        chat.task().name(),
        most,
        each.inputTokens() + each.outputTokens(),
        record.now(),
        context.deadline().plus(LEASE_AFTER_DEADLINE));
  }

  private Money most(ChatUpstream upstream) {
    return upstream.tariff().cost(mostUsed());
  }

  private Usage mostUsed() {
    return Usage.tokens(body.inputTokens(), body.mostOutputTokens(), Duration.ZERO);
  }
}
