package io.tierwise.gateway.chat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.gateway.chat.ChatUpstream.Called;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.JudgedAttempt;
import io.tierwise.router.contract.Verdict;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.request.Answer;
import io.tierwise.router.request.Cancellation;
import io.tierwise.router.tier.Attempt;
import io.tierwise.router.tier.Attempt.Cause;
import io.tierwise.router.tier.TierName;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Calls that no caller waits for: those of audits, and those that look at an answer again. */
final class ChatCalls {
  private ChatCalls() {}

  /** A call and what it cost. */
  record Made(Called called, JudgedAttempt attempt) {}

  /** Of a model that is not to be told by its tier, such as a judge. */
  static Made make(ChatUpstream upstream, ObjectNode question, LongSupplier ticker) {
    return make(TierName.LARGE, upstream, question, ticker);
  }

  static Made make(TierName tier, ChatUpstream upstream, ObjectNode question, LongSupplier ticker) {
    long began = ticker.getAsLong();
    Called called = upstream.call(question, Cancellation.NEVER);
    Duration took = Duration.ofNanos(Math.max(0, ticker.getAsLong() - began));
    Attempt attempt =
        switch (called) {
          case Called.Said said ->
              new Attempt.Proposed(
                  new Answer.Message(""),
                  Confidence.FULL,
                  said.usage().usage(took),
                  upstream.endpoint().fullVersion());
          case Called.Rejected rejected ->
              new Attempt.Unavailable(Cause.FAILED, "status " + rejected.status(), Usage.NONE);
          case Called.Failed failed ->
              new Attempt.Unavailable(failed.cause(), failed.detail(), Usage.NONE);
        };
    Verdict verdict =
        attempt instanceof Attempt.Proposed ? Verdict.PASSED_ON : Verdict.NO_CANDIDATE;
    return new Made(
        called,
        new JudgedAttempt(tier, attempt, verdict, upstream.tariff().cost(attempt.usage()), took));
  }
}
