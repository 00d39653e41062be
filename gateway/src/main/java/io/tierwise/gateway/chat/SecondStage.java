package io.tierwise.gateway.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.gateway.chat.ChatUpstream.Called;
import io.tierwise.gateway.chat.Judge.Judgement;
import io.tierwise.router.contract.JudgedAttempt;
import io.tierwise.router.tier.TierName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;

/**
 * Looks at a weak model's answer, which the router had let it give, and says whether it is to be
 * given. It can only send more to the strong model, so what is promised of the router holds.
 * Streams are not looked at.
 */
public sealed interface SecondStage {
  /** What the weak model is asked. */
  default ObjectNode asked(ObjectNode question) {
    return question;
  }

  /** How often the weak model may be asked once more. */
  default int furtherCalls() {
    return 0;
  }

  /** What came of a look. */
  record Look(boolean sure, Called.Said said, List<JudgedAttempt> calls) {}

  /**
   * @param question as the caller sent it
   * @param said the weak model's answer to {@link #asked}
   */
  Look look(ChatBody question, Called.Said said, ChatUpstream weak, LongSupplier ticker);

  /** None. */
  record Off() implements SecondStage {
    @Override
    public Look look(ChatBody question, Called.Said said, ChatUpstream weak, LongSupplier ticker) {
      return new Look(true, said, List.of());
    }
  }

  /**
   * The geometric mean of its tokens' probabilities. An answer without them is given.
   *
   * @param least from which on an answer is given
   */
  record LogProbability(double least) implements SecondStage {
    private static final String LOGPROBS = "logprobs";

    @Override
    public ObjectNode asked(ObjectNode question) {
      return question.path(LOGPROBS).asBoolean(false)
          ? question
          : question.deepCopy().put(LOGPROBS, true);
    }

    @Override
    public Look look(ChatBody question, Called.Said said, ChatUpstream weak, LongSupplier ticker) {
      try {
        ObjectNode answer = OpenAiForm.object(said.content());
        boolean sure = probability(answer) >= least;
        boolean wanted = question.json().path(LOGPROBS).asBoolean(false);
        return new Look(sure, wanted ? said : without(answer, said), List.of());
      } catch (IOException e) {
        throw new IllegalStateException("it was read before", e);
      }
    }

    private static double probability(JsonNode answer) {
      JsonNode tokens = answer.path("choices").path(0).path(LOGPROBS).path("content");
      if (tokens.isEmpty()) {
        return 1;
      }
      double sum = 0;
      for (JsonNode token : tokens) {
        sum += token.path("logprob").asDouble();
      }
      return StrictMath.exp(sum / tokens.size());
    }

    /** The caller gets what it asked for. */
    private static Called.Said without(ObjectNode answer, Called.Said said) {
      for (JsonNode choice : answer.path("choices")) {
        if (choice instanceof ObjectNode object && object.has(LOGPROBS)) {
          object.putNull(LOGPROBS);
        }
      }
      byte[] content = answer.toString().getBytes(StandardCharsets.UTF_8);
      return new Called.Said(said.status(), said.contentType(), content, said.usage());
    }
  }

  /**
   * How often the model says the same when asked again, as the judge sees it.
   *
   * @param samples how often it is asked in all, the first time among them
   * @param least share of the other samples that must agree with the first
   */
  record SelfConsistency(int samples, double least, Judge judge) implements SecondStage {
    @Override
    public int furtherCalls() {
      return samples - 1;
    }

    @Override
    public Look look(ChatBody question, Called.Said said, ChatUpstream weak, LongSupplier ticker) {
      List<JudgedAttempt> calls = new ArrayList<>();
      int same = 0;
      for (ChatCalls.Made made : again(question, weak, ticker)) {
        calls.add(made.attempt());
        if (made.called() instanceof Called.Said other) {
          Judgement judgement =
              judge.judge(
                  question.prompt(),
                  OpenAiForm.said(said.content()),
                  OpenAiForm.said(other.content()));
          calls.addAll(judgement.calls());
          same += judgement instanceof Judgement.Decided decided && !decided.worse() ? 1 : 0;
        }
      }
      return new Look(same >= least * (samples - 1), said, calls);
    }

    private List<ChatCalls.Made> again(ChatBody question, ChatUpstream weak, LongSupplier ticker) {
      List<ChatCalls.Made> made = new ArrayList<>();
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<ChatCalls.Made>> calls = new ArrayList<>();
        for (int i = 1; i < samples; i++) {
          calls.add(
              threads.submit(
                  () -> ChatCalls.make(TierName.WEAK, weak, question.audited(false), ticker)));
        }
        for (Future<ChatCalls.Made> call : calls) {
          made.add(call.get());
        }
      } catch (ExecutionException e) {
        throw new IllegalStateException("a call ended without an outcome", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return made;
    }
  }
}
