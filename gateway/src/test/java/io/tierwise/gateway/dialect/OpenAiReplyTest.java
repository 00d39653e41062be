package io.tierwise.gateway.dialect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tierwise.gateway.testing.Requests;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.JudgedAttempt;
import io.tierwise.router.contract.Verdict;
import io.tierwise.router.cost.Limit;
import io.tierwise.router.cost.Measure;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Period;
import io.tierwise.router.cost.Scope;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.ledger.Counterfactual;
import io.tierwise.router.ledger.Receipt;
import io.tierwise.router.policy.Decision;
import io.tierwise.router.policy.Refusal;
import io.tierwise.router.request.Answer;
import io.tierwise.router.request.Distribution;
import io.tierwise.router.request.InputForm;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Tenant;
import io.tierwise.router.tier.Attempt;
import io.tierwise.router.tier.TierName;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What goes back to the caller. */
class OpenAiReplyTest {
  private static final OpenAiDialect DIALECT =
      new OpenAiDialect(
          List.of(new ServedTask(Requests.TASK, new InputForm.Text(), Duration.ofSeconds(30))),
          Requests.NOW);

  private static JsonNode json(Reply reply) throws IOException {
    return new ObjectMapper().readTree(reply.body());
  }

  private static final Distribution DISTRIBUTION =
      Distribution.of(Requests.TASK.labels(), new double[] {0.25, 0.75, 0});

  private static Decision.Answered answered(TierName tier, Usage usage) {
    Attempt attempt =
        new Attempt.Proposed(
            new Answer.Classified(new Label("delivery"), DISTRIBUTION),
            new Confidence(0.75),
            usage,
            "v7");
    JudgedAttempt judged =
        new JudgedAttempt(
            tier, attempt, Verdict.ACCEPTED, Money.of("0.0000001"), Duration.ofMillis(2));
    Receipt receipt =
        new Receipt(
            List.of(judged),
            List.of(),
            new Counterfactual(Money.of("0.00005"), true),
            false,
            Duration.ofMillis(3));
    boolean student = tier == TierName.STUDENT;
    return new Decision.Answered(
        new Answer.Classified(new Label("delivery"), DISTRIBUTION),
        tier,
        new Confidence(0.75),
        student ? new Confidence(0.7) : null,
        student ? "c-1" : null,
        "v7",
        false,
        receipt);
  }

  @Test
  void answersAsOpenAiDoes() throws IOException {
    ChatCall call = new ChatCall(Requests.classify("hi"), false, 0, Delivery.WHOLE);
    Reply reply =
        DIALECT.encode(
            call, answered(TierName.LARGE, new Usage(1, 20, 5, 2, Duration.ofMillis(300))));
    assertEquals(200, reply.status());
    assertEquals(
        new ObjectMapper()
            .readTree(
                """
                {"id": "chatcmpl-r1", "object": "chat.completion", "created": 1772366400,
                 "model": "support", "choices": [{"index": 0,
                   "message": {"role": "assistant", "content": "delivery", "refusal": null},
                   "logprobs": null, "finish_reason": "stop"}],
                 "usage": {"prompt_tokens": 20, "completion_tokens": 2, "total_tokens": 22,
                   "prompt_tokens_details": {"cached_tokens": 5},
                   "completion_tokens_details": {"reasoning_tokens": 0}},
                 "system_fingerprint": "v7"}
                """)
            .toString(),
        json(reply).toString());
  }

  @Test
  void carriesTheDistributionMostProbableFirst() throws IOException {
    ChatCall call = new ChatCall(Requests.classify("hi"), true, 20, Delivery.WHOLE);
    Reply reply = DIALECT.encode(call, answered(TierName.STUDENT, Usage.NONE));
    JsonNode token = json(reply).path("choices").path(0).path("logprobs").path("content").path(0);
    assertEquals("delivery", token.path("token").asText());
    assertEquals(Math.log(0.75), token.path("logprob").asDouble());
    assertEquals("[100,101,108,105,118,101,114,121]", token.path("bytes").toString());
    JsonNode top = token.path("top_logprobs");
    assertEquals(3, top.size());
    assertEquals("delivery", top.path(0).path("token").asText());
    assertEquals("refund", top.path(1).path("token").asText());
    assertEquals(Math.log(0.25), top.path(1).path("logprob").asDouble());
    assertEquals("other", top.path(2).path("token").asText());
    assertEquals(-9999.0, top.path(2).path("logprob").asDouble());
  }

  @Test
  void saysInHeadersHowItWasAnswered() {
    ChatCall call = new ChatCall(Requests.classify("hi"), false, 0, Delivery.WHOLE);
    assertEquals(
        Map.of(
            "x-tierwise-request-id", "r1",
            "x-tierwise-tier", "student",
            "x-tierwise-confidence", "0.75",
            "x-tierwise-threshold", "0.7",
            "x-tierwise-certificate", "c-1",
            "x-tierwise-artifact", "v7",
            "x-tierwise-cost-usd", "0.0000001",
            "x-tierwise-saved-usd", "0.0000499",
            "x-tierwise-degraded", "false"),
        DIALECT.encode(call, answered(TierName.STUDENT, Usage.NONE)).headers());
  }

  private static final Scope ACME = new Scope.OfTenant(new Tenant("acme"));
  private static final Limit DAILY = Limit.of(ACME, Period.DAY, Money.of("25"));
  private static final Limit PER_MINUTE =
      new Limit(ACME, Measure.REQUESTS, Period.MINUTE, BigDecimal.TEN, BigDecimal.ONE);

  @Test
  void namesTheLimitThatStandsInTheWay() throws IOException {
    assertEquals(
        "The budget is exhausted: the 25 dollars per day of tenant acme are taken until"
            + " 2026-03-02T00:00:00Z.",
        message(new Refusal.BudgetExhausted(DAILY, Instant.parse("2026-03-02T00:00:00Z"))));
    assertEquals(
        "Too many requests: the 10 requests per minute of tenant acme are taken until"
            + " 2026-03-01T12:01:00Z.",
        message(new Refusal.RateLimited(PER_MINUTE, Instant.parse("2026-03-01T12:01:00Z"))));
  }

  private static String message(Refusal refusal) throws IOException {
    return json(reply(refusal)).path("error").path("message").asText();
  }

  @Test
  void refusesWithTheStatusAndTheTimeToComeBack() throws IOException {
    assertEquals(
        "429 budget_exhausted null retry-after 43200 x-should-retry false",
        refusal(new Refusal.BudgetExhausted(DAILY, Requests.NOW.plus(Duration.ofHours(12)))));
    assertEquals(
        "429 rate_limited null retry-after 18",
        refusal(new Refusal.RateLimited(PER_MINUTE, Requests.NOW.plusMillis(17_001))));
    assertEquals(
        "503 large_unavailable null retry-after 10",
        refusal(new Refusal.LargeUnavailable(Attempt.Cause.BREAKER_OPEN, "internal detail")));
    assertEquals(
        "503 no_cheap_candidate null retry-after 1", refusal(new Refusal.NoCheapCandidate()));
  }

  private static Reply reply(Refusal refusal) {
    Receipt receipt =
        new Receipt(
            List.of(), List.of(), new Counterfactual(Money.ZERO, false), false, Duration.ZERO);
    return DIALECT.encode(
        new ChatCall(Requests.classify("hi"), false, 0, Delivery.WHOLE),
        new Decision.Refused(refusal, receipt));
  }

  private static String refusal(Refusal refusal) throws IOException {
    Reply reply = reply(refusal);
    JsonNode error = json(reply).path("error");
    StringBuilder words =
        new StringBuilder(
            reply.status() + " " + error.path("code").asText() + " " + error.path("param"));
    for (String name : List.of("retry-after", "x-should-retry")) {
      if (reply.headers().containsKey(name)) {
        words.append(' ').append(name).append(' ').append(reply.headers().get(name));
      }
    }
    return words.toString();
  }
}
