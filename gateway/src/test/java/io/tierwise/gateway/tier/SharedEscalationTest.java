package io.tierwise.gateway.tier;

import static io.tierwise.gateway.testing.ScriptedUpstream.answer;
import static io.tierwise.gateway.testing.ScriptedUpstream.held;
import static io.tierwise.gateway.testing.ScriptedUpstream.status;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tierwise.gateway.prompt.Prompt;
import io.tierwise.gateway.testing.ScriptedUpstream;
import io.tierwise.router.cost.Money;
import io.tierwise.router.ledger.CostReport;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.policy.Decision;
import io.tierwise.router.request.CacheUse;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.RequestContext;
import io.tierwise.router.request.RoutingPolicy;
import io.tierwise.router.request.Task;
import io.tierwise.router.testing.CascadeFixture;
import io.tierwise.router.testing.InMemoryBudgets.Standing;
import io.tierwise.router.testing.SampleRequests;
import io.tierwise.router.tier.TierName;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a shared call leaves in budget and ledger, with a large model on a real socket. */
class SharedEscalationTest {
  private static final int CALLERS = 100;
  private static final Money PRICE = Money.of("5");
  private static final Task.Classification TASK =
      new Task.Classification("triage", List.of(new Label("refund"), new Label("other")));

  private final ScriptedUpstream upstream = new ScriptedUpstream();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch arrived = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private final Clock clock = Clock.fixed(SampleRequests.NOON, ZoneOffset.UTC);
  private final LargeClient client;
  private final SingleFlight flights;
  private final CascadeFixture fixture;

  SharedEscalationTest() {
    Surroundings surroundings = Surroundings.of(clock, new Random(7));
    // One place only: whoever shares a call takes none.
    Endpoint endpoint =
        new Endpoint(
            "gpu", URI.create(upstream.url()), "big", "1", null, Duration.ofSeconds(20), 1, 0);
    client = new LargeClient(endpoint, surroundings);
    LargeTier large =
        new LargeTier(
            client,
            new Resilience(endpoint, surroundings),
            new OpenAiWire(Prompt.standard(TASK)),
            false,
            surroundings);
    flights = new SingleFlight(large, new AnswerKey("triage", "big@1", "p1"), clock);
    // Room for a worst case of four calls each.
    fixture = new CascadeFixture().tier(TierName.LARGE, flights, "5").daily("2000");
  }

  @AfterEach
  void stop() {
    release.countDown();
    threads.shutdownNow();
    client.close();
    upstream.close();
  }

  private static InferenceRequest request(String id) {
    RequestContext context =
        new RequestContext(
            id,
            SampleRequests.TENANT,
            RoutingPolicy.DEFAULT,
            CacheUse.ALLOWED,
            SampleRequests.NOON,
            SampleRequests.NOON.plusSeconds(60));
    return new InferenceRequest.Classify(context, TASK, new Input.Text("Where is my money?"));
  }

  /** All are aboard one flight before the large model says a word. */
  private List<Decision> askTogether() throws Exception {
    fixture.cascade();
    List<Future<Decision>> waiting = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      InferenceRequest request = request("r" + i);
      waiting.add(threads.submit(() -> fixture.decide(request)));
    }
    arrived.await();
    while (flights.aboard(request("r")) < CALLERS) {
      Thread.onSpinWait();
    }
    release.countDown();
    List<Decision> decisions = new ArrayList<>();
    for (Future<Decision> each : waiting) {
      decisions.add(each.get());
    }
    return decisions;
  }

  private List<LedgerEntry.Line> lines() {
    return fixture.entries().stream().map(entry -> entry.lines().getLast()).toList();
  }

  @Test
  void aHundredAskOnceAndOneIsCharged() throws Exception {
    upstream.then(held(arrived, release, answer("refund", 20, 1)));
    for (Decision decision : askTogether()) {
      Decision.Answered answered = (Decision.Answered) decision;
      assertEquals(TierName.LARGE, answered.tier());
      assertEquals("big@1", answered.version());
    }
    assertEquals(1, upstream.calls().size());
    assertEquals(
        CALLERS, fixture.entries().stream().map(LedgerEntry::requestId).distinct().count());
    assertEquals(1, lines().stream().filter(line -> line.cost().equals(PRICE)).count());
    assertEquals(99, lines().stream().filter(LedgerEntry.Line::shared).count());
    assertEquals(1, lines().stream().mapToInt(line -> line.usage().requests()).sum());
    assertEquals(new Standing(Money.of("2000"), PRICE, Money.ZERO), fixture.budget());
  }

  @Test
  void theReportShowsWhatAHundredCallsOfTheirOwnWouldHaveCost() throws Exception {
    upstream.then(held(arrived, release, answer("refund", 20, 1)));
    askTogether();
    CostReport.Row total = CostReport.of(List.of(), fixture.entries().stream()).total();
    assertEquals(Money.of("500"), total.counterfactual());
    assertEquals(Money.of("5"), total.cost());
    assertEquals(Money.of("495"), total.saved());
    assertEquals(99, total.avoidedLarge());
    assertEquals(false, fixture.entries().getFirst().counterfactualEstimated());
  }

  @Test
  void aFailureIsEveryonesIsChargedOnceAndIsNotKept() throws Exception {
    upstream.then(held(arrived, release, status(500)));
    for (Decision decision : askTogether()) {
      assertEquals("large-unavailable", ((Decision.Refused) decision).refusal().code());
    }
    assertEquals(1, upstream.calls().size());
    assertEquals(CALLERS, fixture.entries().size());
    assertEquals(1, lines().stream().filter(line -> line.cost().equals(PRICE)).count());
    assertEquals(new Standing(Money.of("2000"), PRICE, Money.ZERO), fixture.budget());
    assertEquals(TierName.LARGE, fixture.answered(request("again")).tier());
    assertEquals(2, upstream.calls().size());
  }
}
