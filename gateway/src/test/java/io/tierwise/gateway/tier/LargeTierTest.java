package io.tierwise.gateway.tier;

import static io.tierwise.gateway.testing.ScriptedUpstream.answer;
import static io.tierwise.gateway.testing.ScriptedUpstream.hangUp;
import static io.tierwise.gateway.testing.ScriptedUpstream.json;
import static io.tierwise.gateway.testing.ScriptedUpstream.status;
import static io.tierwise.gateway.testing.ScriptedUpstream.throttled;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tierwise.gateway.prompt.Prompt;
import io.tierwise.gateway.testing.MutableClock;
import io.tierwise.gateway.testing.Requests;
import io.tierwise.gateway.testing.ScriptedUpstream;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.request.Answer;
import io.tierwise.router.request.CacheUse;
import io.tierwise.router.request.Distribution;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Task;
import io.tierwise.router.tier.Attempt;
import io.tierwise.router.tier.Attempt.Cause;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LargeTierTest {
  private static final Task.Classification TASK = Requests.TASK;
  private static final Wire STANDARD = new OpenAiWire(Prompt.standard(TASK));

  private final ScriptedUpstream upstream = new ScriptedUpstream();
  private final MutableClock clock = new MutableClock(Requests.NOW);
  private final AtomicLong ticks = new AtomicLong();
  private final List<Duration> pauses = new ArrayList<>();
  private final List<LargeClient> clients = new ArrayList<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /** Draws 0 always: every pause is half of its longest. */
  private final RandomGenerator lowest = () -> 0;

  private final Surroundings surroundings =
      new Surroundings(
          clock,
          () -> ticks.getAndAdd(1_000_000),
          lowest,
          pause -> {
            pauses.add(pause);
            clock.advance(pause);
          });

  @AfterEach
  void close() {
    threads.shutdownNow();
    clients.forEach(LargeClient::close);
    upstream.close();
  }

  private Endpoint endpoint(Duration timeout, int maximumConcurrent, int retries) {
    return new Endpoint(
        "gpu",
        URI.create(upstream.url()),
        "big",
        "2026-02",
        "key-1",
        timeout,
        maximumConcurrent,
        retries);
  }

  private LargeTier tier(Endpoint endpoint, boolean tokensPriced) {
    return tier(endpoint, STANDARD, tokensPriced);
  }

  private LargeTier tier(Endpoint endpoint, Wire wire, boolean tokensPriced) {
    LargeClient client = new LargeClient(endpoint, surroundings);
    clients.add(client);
    return new LargeTier(
        client, new Resilience(endpoint, surroundings), wire, tokensPriced, surroundings);
  }

  private LargeTier tier(Wire wire) {
    return tier(endpoint(Duration.ofSeconds(20), 8, 2), wire, true);
  }

  private static Attempt.Unavailable unavailable(Attempt attempt) {
    return assertInstanceOf(Attempt.Unavailable.class, attempt);
  }

  private static Attempt.Proposed proposed(Attempt attempt) {
    return assertInstanceOf(Attempt.Proposed.class, attempt);
  }

  @Test
  void asksOpenAiForExactlyOneLabelAtTemperatureZero() throws IOException {
    Attempt attempt = tier(STANDARD).attempt(Requests.classify("Where is my money?"));
    assertEquals(
        new Attempt.Proposed(
            new Answer.Classified(new Label("refund"), Distribution.certain(new Label("refund"))),
            Confidence.FULL,
            Usage.tokens(20, 1, proposed(attempt).usage().compute()),
            "big@2026-02",
            Usage.tokens(20, 1, proposed(attempt).usage().compute())),
        attempt);
    ScriptedUpstream.Call call = upstream.calls().getFirst();
    assertEquals("/v1/chat/completions", call.path());
    assertEquals("Bearer key-1", call.authorization());
    JsonNode body = new ObjectMapper().readTree(call.body());
    assertEquals("big", body.path("model").asText());
    assertEquals(0, body.path("temperature").asInt(-1));
    assertEquals("delivery".length() + 16, body.path("max_tokens").asInt());
    assertEquals(false, body.has("response_format"));
    assertEquals(
        "Classify the user's message. Answer with exactly one of these labels,"
            + " copied letter for letter, and nothing else:\n- refund\n- delivery\n- other",
        body.path("messages").path(0).path("content").asText());
    assertEquals(
        "{\"role\":\"user\",\"content\":\"Where is my money?\"}",
        body.path("messages").path(1).toString());
  }

  @Test
  void asksForLogProbabilitiesOnlyWhereTheyCanSayAnything() throws IOException {
    tier(STANDARD).attempt(Requests.classify("hi"));
    Task.Classification phrases = Requests.task("t", "card arrival", "refund");
    tier(STANDARD)
        .attempt(
            Requests.classify(phrases, "acme", CacheUse.ALLOWED, "hi", Duration.ofSeconds(30)));
    JsonNode words = new ObjectMapper().readTree(upstream.calls().get(0).body());
    JsonNode two = new ObjectMapper().readTree(upstream.calls().get(1).body());
    assertEquals(20, words.path("top_logprobs").asInt());
    assertEquals(false, two.has("logprobs"));
  }

  @Test
  void readsTheDistributionWhereTheAnswerWasOneToken() {
    upstream.otherwise(
        json(
            200,
            """
            {"choices": [{"message": {"content": "refund"}, "logprobs": {"content": [
              {"token": "refund", "logprob": -0.6931471805599453, "top_logprobs": [
                {"token": "refund", "logprob": -0.6931471805599453},
                {"token": " Delivery", "logprob": -1.3862943611198906},
                {"token": "banana", "logprob": -1.4}]}]}}],
             "usage": {"prompt_tokens": 9, "completion_tokens": 1}}
            """));
    Attempt.Proposed attempt = proposed(tier(STANDARD).attempt(Requests.classify("hi")));
    Distribution distribution = ((Answer.Classified) attempt.answer()).distribution();
    assertEquals(2.0 / 3, distribution.probability(0), 1e-12);
    assertEquals(1.0 / 3, distribution.probability(1), 1e-12);
    assertEquals(0, distribution.probability(2));
  }

  @Test
  void speaksInvocations() {
    upstream.otherwise(
        json(
            200,
            """
            {"model": "head", "version": "3", "outputs": [{"label": "delivery",
              "probabilities": {"delivery": 0.5, "refund": 0.25, "other": 0.25}}],
             "usage": {"prompt_tokens": 12, "completion_tokens": 1}}
            """));
    Attempt.Proposed attempt =
        proposed(tier(new InvocationsWire()).attempt(Requests.classify("hi")));
    assertEquals(
        new Answer.Classified(
            new Label("delivery"), Distribution.of(TASK.labels(), new double[] {0.25, 0.5, 0.25})),
        attempt.answer());
    assertEquals(12, attempt.usage().inputTokens());
    assertEquals(
        new ScriptedUpstream.Call("/invocations", "Bearer key-1", "{\"inputs\":[\"hi\"]}"),
        upstream.calls().getFirst());
  }

  @Test
  void asksInvocationsAboutFeaturesByTheirExactValues() {
    upstream.otherwise(json(200, "{\"outputs\": [{\"label\": \"other\"}]}"));
    InferenceRequest.Classify text = Requests.classify("hi");
    Input features = new Input.Features(new float[] {0.1f, -0f, 1e-30f, 16777216f});
    LargeTier tier = tier(endpoint(Duration.ofSeconds(20), 8, 2), new InvocationsWire(), false);
    Attempt.Proposed attempt =
        proposed(
            tier.attempt(new InferenceRequest.Classify(text.context(), text.task(), features)));
    assertEquals(
        new Answer.Classified(new Label("other"), Distribution.certain(new Label("other"))),
        attempt.answer());
    assertEquals(
        "{\"inputs\":[[0.1,-0.0,1.0E-30,1.6777216E7]]}", upstream.calls().getFirst().body());
  }

  @Test
  void triesAgainAfterWhatMayPassAndChargesEveryCall() {
    upstream.then(status(500), hangUp());
    Attempt.Proposed attempt = proposed(tier(STANDARD).attempt(Requests.classify("hi")));
    assertEquals(List.of(Duration.ofMillis(50), Duration.ofMillis(100)), pauses);
    assertEquals(3, attempt.usage().requests());
    assertEquals(20, attempt.usage().inputTokens());
    assertEquals(1, attempt.largeUsage().requests());
  }

  @Test
  void givesUpAfterTheConfiguredRetries() {
    upstream.otherwise(status(503));
    Attempt.Unavailable attempt = unavailable(tier(STANDARD).attempt(Requests.classify("hi")));
    assertEquals(Cause.FAILED, attempt.cause());
    assertEquals("it answered with status 503", attempt.detail());
    assertEquals(3, attempt.usage().requests());
    assertEquals(3, upstream.calls().size());
  }

  @Test
  void waitsAsLongAsTheEndpointAsks() {
    upstream.then(throttled("7"), throttled("Sun, 01 Mar 2026 12:00:10 GMT"));
    proposed(tier(STANDARD).attempt(Requests.classify("hi")));
    assertEquals(List.of(Duration.ofSeconds(7), Duration.ofSeconds(3)), pauses);
  }

  @Test
  void doesNotWaitBeyondTheDeadline() {
    upstream.otherwise(throttled("31"));
    Attempt.Unavailable attempt = unavailable(tier(STANDARD).attempt(Requests.classify("hi")));
    assertEquals(Cause.THROTTLED, attempt.cause());
    assertEquals(List.of(), pauses);
    assertEquals(1, upstream.calls().size());
  }

  @Test
  void asksNothingAfterTheDeadline() {
    clock.advance(Duration.ofSeconds(30));
    Attempt.Unavailable attempt = unavailable(tier(STANDARD).attempt(Requests.classify("hi")));
    assertEquals(Cause.DEADLINE, attempt.cause());
    assertEquals(Usage.NONE, attempt.usage());
    assertEquals(List.of(), upstream.calls());
  }

  @Test
  void timesOutOnSilenceAndOnABodyThatStalls() {
    LargeTier tier = tier(endpoint(Duration.ofMillis(200), 8, 2), true);
    upstream.then(upstream.silence(), upstream.stall());
    Attempt.Unavailable silent = unavailable(tier.attempt(Requests.classify("hi")));
    Attempt.Unavailable stalled = unavailable(tier.attempt(Requests.classify("hi")));
    assertEquals(Cause.TIMEOUT, silent.cause());
    assertEquals(Cause.TIMEOUT, stalled.cause());
    assertEquals("no answer within 200 ms", stalled.detail());
    assertEquals(2, upstream.calls().size());
  }

  @Test
  void takesNothingForAnAnswerThatIsNone() {
    LargeTier tier = tier(STANDARD);
    upstream.then(
        answer("I think it is a refund.", 20, 7),
        json(200, "<html>"),
        json(200, ""),
        json(200, "{}"),
        json(200, "{\"choices\": [{\"message\": {\"content\": null}}]}"));
    Attempt.Unavailable words = unavailable(tier.attempt(Requests.classify("hi")));
    assertEquals(Cause.UNUSABLE_ANSWER, words.cause());
    assertEquals(20, words.usage().inputTokens());
    assertEquals(7, words.usage().outputTokens());
    for (int i = 0; i < 4; i++) {
      assertEquals(
          Cause.UNUSABLE_ANSWER, unavailable(tier.attempt(Requests.classify("hi"))).cause());
    }
    assertEquals(5, upstream.calls().size());
  }

  @Test
  void countsTheTokensThatAnEndpointDoesNotReportWhereTheyArePriced() {
    upstream.otherwise(json(200, "{\"choices\": [{\"message\": {\"content\": \"refund\"}}]}"));
    Endpoint endpoint = endpoint(Duration.ofSeconds(20), 8, 2);
    Usage counted = proposed(tier(endpoint, true).attempt(Requests.classify("hi"))).usage();
    assertTrue(counted.estimated());
    assertEquals(1, counted.outputTokens());
    assertTrue(counted.inputTokens() > 20, counted::toString);
    Usage unpriced = proposed(tier(endpoint, false).attempt(Requests.classify("hi"))).usage();
    assertFalse(unpriced.estimated());
    assertEquals(0, unpriced.inputTokens());
  }

  @Test
  void countsTheTokensOfAnAnswerThatIsNoLabelAsWell() {
    upstream.otherwise(json(200, "{\"choices\": [{\"message\": {\"content\": \"dunno\"}}]}"));
    Endpoint endpoint = endpoint(Duration.ofSeconds(20), 8, 2);
    Usage counted = unavailable(tier(endpoint, true).attempt(Requests.classify("hi"))).usage();
    assertTrue(counted.estimated());
    assertTrue(counted.outputTokens() > 0, counted::toString);
  }

  @Test
  void doesNotRepeatARequestThatIsRefused() {
    upstream.otherwise(status(400));
    assertEquals(
        Cause.FAILED, unavailable(tier(STANDARD).attempt(Requests.classify("hi"))).cause());
    assertEquals(1, upstream.calls().size());
  }

  @Test
  void leavesAFailingEndpointAloneAndTriesItAgainLater() {
    LargeTier tier = tier(endpoint(Duration.ofSeconds(20), 8, 0), true);
    upstream.then(status(500), status(401), hangUp(), json(200, "no"), status(502));
    for (int i = 0; i < 5; i++) {
      tier.attempt(Requests.classify("hi"));
    }
    Attempt.Unavailable refused = unavailable(tier.attempt(Requests.classify("hi")));
    assertEquals(Cause.BREAKER_OPEN, refused.cause());
    assertEquals(Usage.NONE, refused.usage());
    assertEquals(5, upstream.calls().size());

    clock.advance(Resilience.OPEN_FOR.plusMillis(1));
    proposed(tier.attempt(Requests.classify("hi")));
  }

  @Test
  void keepsTheBreakerShutForWhatIsNotTheEndpointsFault() {
    LargeTier tier = tier(endpoint(Duration.ofSeconds(20), 8, 0), true);
    upstream.otherwise(throttled("0"));
    for (int i = 0; i < 20; i++) {
      tier.attempt(Requests.classify("hi"));
    }
    upstream.otherwise(answer("banana", 1, 1));
    for (int i = 0; i < 20; i++) {
      tier.attempt(Requests.classify("hi"));
    }
    upstream.otherwise(answer("refund", 1, 1));
    proposed(tier.attempt(Requests.classify("hi")));
  }

  @Test
  void retriesNoMoreThanTheBudgetAllows() {
    Endpoint endpoint = endpoint(Duration.ofSeconds(20), 8, 1);
    LargeTier tier = tier(endpoint, true);
    upstream.otherwise(throttled("0"));
    for (int i = 0; i < 30; i++) {
      tier.attempt(Requests.classify("hi"));
    }
    // 30 first calls, 10 retries saved up, and 2 more that these calls earned.
    assertEquals(30 + 10 + 2, upstream.calls().size());
  }

  @Test
  void refusesAtOnceWhatGoesBeyondItsPlaces() throws Exception {
    LargeTier tier = tier(endpoint(Duration.ofSeconds(20), 1, 2), true);
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    upstream.then(ScriptedUpstream.held(arrived, release, answer("refund", 1, 1)));
    CompletableFuture<Attempt> first =
        CompletableFuture.supplyAsync(() -> tier.attempt(Requests.classify("hi")), threads);
    arrived.await();
    assertEquals(Cause.SATURATED, unavailable(tier.attempt(Requests.classify("hi"))).cause());
    release.countDown();
    proposed(first.get());
  }

  @Test
  void readsTextOnly() {
    InferenceRequest.Classify text = Requests.classify("hi");
    InferenceRequest.Classify features =
        new InferenceRequest.Classify(
            text.context(), text.task(), new Input.Features(new float[] {1}));
    assertEquals("it reads text only", unavailable(tier(STANDARD).attempt(features)).detail());
  }

  @Test
  void sendsToTheInterfaceUnderTheBase() {
    assertEquals("/v1/chat/completions", path("http://h"));
    assertEquals("/v1/chat/completions", path("http://h/"));
    assertEquals("/v1/chat/completions", path("http://h/v1"));
    assertEquals("/api/chat/completions", path("http://h/api/"));
  }

  private static String path(String base) {
    Endpoint endpoint =
        new Endpoint("gpu", URI.create(base), "m", "m", null, Duration.ofSeconds(1), 1, 0);
    return endpoint.target(endpoint.path(STANDARD)).getPath();
  }
}
