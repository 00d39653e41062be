package io.tierwise.gateway.tier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tierwise.gateway.testing.Requests;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.request.Answer;
import io.tierwise.router.request.CacheUse;
import io.tierwise.router.request.Cancellation;
import io.tierwise.router.request.Distribution;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.RequestContext;
import io.tierwise.router.request.RoutingPolicy;
import io.tierwise.router.request.Tenant;
import io.tierwise.router.tier.Attempt;
import io.tierwise.router.tier.Attempt.Cause;
import io.tierwise.router.tier.Tier;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SingleFlightTest {
  private static final Usage USAGE = Usage.tokens(20, 1, Duration.ofMillis(300));
  private static final Duration LONG = Duration.ofSeconds(60);

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicInteger calls = new AtomicInteger();
  private final CountDownLatch release = new CountDownLatch(1);
  private final LinkedBlockingQueue<String> events = new LinkedBlockingQueue<>();
  private final SingleFlight tier = flying(this::answer);
  private int ids;

  private static SingleFlight flying(Tier large) {
    return new SingleFlight(large, new AnswerKey("support", "big@1", "p1"), Clock.systemUTC());
  }

  @AfterEach
  void stop() {
    release.countDown();
    threads.shutdownNow();
  }

  /** Answers with the request's own tenant as the label, once it is let. */
  private Attempt answer(InferenceRequest request) {
    calls.incrementAndGet();
    events.add("called");
    try {
      release.await();
    } catch (InterruptedException e) {
      events.add("given up");
      return new Attempt.Unavailable(Cause.CANCELLED, "nobody waits", USAGE);
    }
    Label label = new Label(request.context().tenant().name());
    Answer answer = new Answer.Classified(label, Distribution.certain(label));
    return new Attempt.Proposed(answer, Confidence.FULL, USAGE, "big@1", USAGE);
  }

  private InferenceRequest request(
      String tenant, CacheUse cache, Duration patience, Cancellation cancellation, String text) {
    Instant now = Instant.now();
    RequestContext context =
        new RequestContext(
            "r" + ids++,
            new Tenant(tenant),
            RoutingPolicy.DEFAULT,
            cache,
            now,
            now.plus(patience),
            cancellation);
    return new InferenceRequest.Classify(context, Requests.TASK, new Input.Text(text));
  }

  private InferenceRequest request(String tenant) {
    return request(tenant, CacheUse.ALLOWED, LONG, Cancellation.NEVER, "hi");
  }

  private Future<Attempt> ask(InferenceRequest request) {
    CountDownLatch begun = new CountDownLatch(1);
    Thread[] asker = new Thread[1];
    Future<Attempt> future =
        threads.submit(() -> {
          asker[0] = Thread.currentThread();
          begun.countDown();
          return tier.attempt(request);
        });
    try {
      begun.await();
      while (asker[0].getState() == Thread.State.RUNNABLE) {
        Thread.onSpinWait();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return future;
  }

  @Test
  void makesOneCallForAHundredOfTheSameQuestionAndChargesOne() throws Exception {
    List<Future<Attempt>> waiting = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      waiting.add(ask(request("acme")));
    }
    release.countDown();
    int charged = 0;
    for (Future<Attempt> each : waiting) {
      Attempt.Proposed proposed = assertInstanceOf(Attempt.Proposed.class, each.get());
      assertEquals(USAGE, proposed.largeUsage());
      charged += proposed.usage().requests();
    }
    assertEquals(1, calls.get());
    assertEquals(1, charged);
  }

  @Test
  void asksAgainOnceTheCallHasLanded() throws Exception {
    release.countDown();
    ask(request("acme")).get();
    ask(request("acme")).get();
    assertEquals(2, calls.get());
  }

  @Test
  void neverSharesBetweenTenantsTextsOrWithWhoTakesNoCachedAnswer() throws Exception {
    CacheUse noCache = new CacheUse(false, true);
    CacheUse noStore = new CacheUse(true, false);
    List<Future<Attempt>> waiting =
        List.of(
            ask(request("acme")),
            ask(request("globex")),
            ask(request("acme", CacheUse.ALLOWED, LONG, Cancellation.NEVER, "ho")),
            ask(request("acme", noCache, LONG, Cancellation.NEVER, "hi")),
            ask(request("acme", noStore, LONG, Cancellation.NEVER, "hi")));
    release.countDown();
    Map<String, Integer> labels = new ConcurrentHashMap<>();
    for (Future<Attempt> each : waiting) {
      Attempt.Proposed proposed = assertInstanceOf(Attempt.Proposed.class, each.get());
      Answer.Classified answer = (Answer.Classified) proposed.answer();
      labels.merge(answer.label().value(), 1, Integer::sum);
    }
    assertEquals(5, calls.get());
    assertEquals(Map.of("acme", 4, "globex", 1), labels);
  }

  @Test
  void goesOnWhenTheOneWhoBeganItLeaves() throws Exception {
    Cancellation cancellation = Cancellation.possible();
    Future<Attempt> first = ask(request("acme", CacheUse.ALLOWED, LONG, cancellation, "hi"));
    Future<Attempt> second = ask(request("acme"));
    cancellation.cancel();
    assertEquals(
        new Attempt.Unavailable(Cause.CANCELLED, "the caller went away", Usage.NONE), first.get());
    release.countDown();
    assertEquals(USAGE, second.get().usage());
    assertEquals(1, calls.get());
  }

  @Test
  void isGivenUpWhenTheLastOneLeavesWhoPaysForWhatItTook() throws Exception {
    Cancellation cancellation = Cancellation.possible();
    Future<Attempt> only = ask(request("acme", CacheUse.ALLOWED, LONG, cancellation, "hi"));
    assertEquals("called", events.take());
    cancellation.cancel();
    assertEquals(
        new Attempt.Unavailable(Cause.CANCELLED, "the caller went away", USAGE), only.get());
    assertEquals("given up", events.take());
    release.countDown();
    assertEquals(USAGE, ask(request("acme")).get().usage());
    assertEquals(2, calls.get());
  }

  @Test
  void keepsToEachCallersOwnDeadline() throws Exception {
    Future<Attempt> patient = ask(request("acme"));
    Future<Attempt> hasty =
        ask(request("acme", CacheUse.ALLOWED, Duration.ofMillis(50), Cancellation.NEVER, "hi"));
    Attempt.Unavailable late = assertInstanceOf(Attempt.Unavailable.class, hasty.get());
    assertEquals(Cause.DEADLINE, late.cause());
    assertEquals(Usage.NONE, late.usage());
    release.countDown();
    assertInstanceOf(Attempt.Proposed.class, patient.get());
  }

  @Test
  void asksForItselfWhereAnotherCallersDeadlineEndedTheCall() throws Exception {
    SingleFlight cutShort =
        flying(request -> {
          boolean first = calls.incrementAndGet() == 1;
          try {
            release.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return first
              ? new Attempt.Unavailable(Cause.DEADLINE, "cut short", USAGE)
              : new Attempt.Missed(USAGE);
        });
    InferenceRequest hasty = request("acme");
    InferenceRequest patient = request("acme");
    Future<Attempt> first = threads.submit(() -> cutShort.attempt(hasty));
    while (calls.get() == 0) {
      Thread.onSpinWait();
    }
    Future<Attempt> second = threads.submit(() -> cutShort.attempt(patient));
    release.countDown();
    Attempt.Unavailable late = assertInstanceOf(Attempt.Unavailable.class, first.get());
    Attempt.Missed asked = assertInstanceOf(Attempt.Missed.class, second.get());
    assertEquals("cut short", late.detail());
    // Whoever took the first call's bill has it.
    assertEquals(USAGE.plus(USAGE), late.usage().plus(asked.usage()));
    assertEquals(2, calls.get());
  }

  @Test
  void letsNobodyWaitOnABug() {
    SingleFlight broken =
        flying(request -> {
          throw new IllegalArgumentException("a bug");
        });
    for (int i = 0; i < 2; i++) {
      IllegalStateException thrown =
          assertThrows(IllegalStateException.class, () -> broken.attempt(request("acme")));
      assertEquals("a bug", thrown.getCause().getMessage());
    }
  }
}
