package io.tierwise.gateway.chat;

import io.tierwise.gateway.chat.ChatUpstream.Called;
import io.tierwise.gateway.chat.Judge.Judgement;
import io.tierwise.gateway.learning.Referee;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.Receipts;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.JudgedAttempt;
import io.tierwise.router.contract.Verdict;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.request.Answer;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Task;
import io.tierwise.router.tier.Attempt;
import io.tierwise.router.tier.Attempt.Cause;
import io.tierwise.router.tier.TierName;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Says which of a chat's two models should have answered: it asks both, at temperature 0, and has
 * their answers judged. Of the cache it asks whether its answer would have done: there the strong
 * model alone is asked. What one of them said is kept while the other, or the judge, is out of
 * reach, so that nobody is asked twice.
 *
 * <p>Where a model finds the question wrong there is nothing to lose: a weak model's refusal is
 * followed by the strong one, and where the strong one refuses there is no better answer.
 */
public final class ChatReferee implements Referee {
  private final Task.Chat chat;
  private final ChatUpstream strong;
  private final @Nullable ChatUpstream weak;
  private final Judge judge;
  private final Clock clock;
  private final LongSupplier ticker;
  private final Map<String, Hearing> underWay = new ConcurrentHashMap<>();

  /** What is known of one request so far. */
  private static final class Hearing {
    private final List<JudgedAttempt> calls = new ArrayList<>();
    private @Nullable String strong;
    private @Nullable String weak;
  }

  /** What a model says to a question, or what that means for the audit. */
  private sealed interface Heard {
    record Words(String text) implements Heard {}

    record Refused() implements Heard {}

    record Nothing(Cause cause, String detail) implements Heard {}
  }

  /**
   * @param weak null for audits of the cache, which bring along what it would have answered
   * @param ticker monotonic nanoseconds, for latencies
   */
  public ChatReferee(
      Task.Chat chat,
      ChatUpstream strong,
      @Nullable ChatUpstream weak,
      Judge judge,
      Clock clock,
      LongSupplier ticker) {
    this.chat = chat;
    this.strong = strong;
    this.weak = weak;
    this.judge = judge;
    this.clock = clock;
    this.ticker = ticker;
  }

  /** One call of each model, and the judge's. */
  @Override
  public Duration patience() {
    Duration both = strong.endpoint().timeout().plus(judge.patience());
    return weak == null ? both : both.plus(weak.endpoint().timeout());
  }

  @Override
  public Attempt ask(InferenceRequest request) {
    String id = request.context().id();
    Hearing hearing = underWay.computeIfAbsent(id, fresh -> new Hearing());
    // Of those that failed before, the last one says enough.
    hearing.calls.removeIf(call -> call.attempt() instanceof Attempt.Unavailable);
    Attempt attempt = decide(about(request), hearing);
    if (hearing.calls.stream().allMatch(call -> call.attempt() instanceof Attempt.Unavailable)) {
      underWay.remove(id);
    }
    Usage used = Usage.NONE;
    for (JudgedAttempt call : hearing.calls) {
      used = used.plus(call.attempt().usage());
    }
    return attempt.withUsage(used);
  }

  private ChatCase about(InferenceRequest request) {
    if (request instanceof InferenceRequest.Classify classify
        && classify.input() instanceof Input.Text text) {
      return ChatCase.of(text.value(), weak == null);
    }
    throw new InvalidValueException("audit", "it is none of a chat", "look at who sends it");
  }

  private Attempt decide(ChatCase about, Hearing hearing) {
    ChatBody body = about.body();
    String weakSaid = about.kept() == null ? hearing.weak : about.kept();
    if (weakSaid == null) {
      switch (hear(TierName.WEAK, Objects.requireNonNull(weak), body, hearing)) {
        case Heard.Words words -> weakSaid = words.text();
        case Heard.Refused refused -> {
          return verdict(ChatAudits.WEAK);
        }
        case Heard.Nothing nothing -> {
          return trouble(nothing.cause(), "the weak model: " + nothing.detail());
        }
      }
      hearing.weak = weakSaid;
    }
    String strongSaid = hearing.strong;
    if (strongSaid == null) {
      switch (hear(TierName.LARGE, strong, body, hearing)) {
        case Heard.Words words -> strongSaid = words.text();
        case Heard.Refused refused -> {
          return verdict(ChatAudits.WEAK);
        }
        case Heard.Nothing nothing -> {
          return trouble(nothing.cause(), "the strong model: " + nothing.detail());
        }
      }
      hearing.strong = strongSaid;
    }
    Judgement judgement = judge.judge(body.prompt(), strongSaid, weakSaid);
    hearing.calls.addAll(judgement.calls());
    return switch (judgement) {
      case Judgement.Decided decided ->
          verdict(decided.worse() ? ChatAudits.STRONG : ChatAudits.WEAK);
      case Judgement.Undecided undecided -> trouble(undecided.cause(), undecided.detail());
    };
  }

  /** Some models take no temperature but their own: then they are asked as the caller did. */
  private Heard hear(TierName tier, ChatUpstream upstream, ChatBody body, Hearing hearing) {
    ChatCalls.Made made = ChatCalls.make(tier, upstream, body.audited(true), ticker);
    if (made.called() instanceof Called.Rejected) {
      made = ChatCalls.make(tier, upstream, body.audited(false), ticker);
    }
    hearing.calls.add(made.attempt());
    return switch (made.called()) {
      case Called.Said said -> new Heard.Words(OpenAiForm.said(said.content()));
      case Called.Rejected rejected -> new Heard.Refused();
      case Called.Failed failed -> new Heard.Nothing(failed.cause(), failed.detail());
    };
  }

  private Attempt verdict(Answer.Classified label) {
    return new Attempt.Proposed(
        label, Confidence.FULL, Usage.NONE, strong.endpoint().fullVersion());
  }

  private static Attempt trouble(Cause cause, String detail) {
    return new Attempt.Unavailable(cause, detail, Usage.NONE);
  }

  @Override
  public LedgerEntry entry(InferenceRequest request, Attempt attempt, Duration latency) {
    Hearing hearing = underWay.remove(request.context().id());
    List<JudgedAttempt> calls = hearing == null ? List.of() : hearing.calls;
    Money cost = Money.ZERO;
    for (JudgedAttempt call : calls) {
      cost = cost.plus(call.cost());
    }
    JudgedAttempt verdict =
        new JudgedAttempt(
            TierName.LARGE,
            attempt,
            attempt instanceof Attempt.Proposed ? Verdict.ACCEPTED : Verdict.NO_CANDIDATE,
            cost,
            latency);
    InferenceRequest asked =
        new InferenceRequest.Chat(
            request.context(),
            chat,
            List.of(
                new InferenceRequest.Chat.Turn("body", about(request).body().json().toString())));
    return Receipts.audit(asked, verdict, calls, clock.instant());
  }
}
