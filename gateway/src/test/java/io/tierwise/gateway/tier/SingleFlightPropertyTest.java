package io.tierwise.gateway.tier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

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
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

class SingleFlightPropertyTest {
  private static final Usage USAGE = Usage.tokens(20, 1, Duration.ofMillis(300));
  private static final AnswerKey KEYS = new AnswerKey("support", "big@1", "p1");

  /** One caller's question. */
  record Ask(String tenant, String text, RoutingPolicy policy, CacheUse cache) {
    boolean mayShare() {
      return policy == RoutingPolicy.DEFAULT && cache.read() && cache.write();
    }

    InferenceRequest request(int id, Cancellation cancellation) {
      Instant now = Instant.now();
      RequestContext context =
          new RequestContext(
              "r" + id,
              new Tenant(tenant),
              policy,
              cache,
              now,
              now.plus(Duration.ofMinutes(5)),
              cancellation);
      return new InferenceRequest.Classify(context, Requests.TASK, new Input.Text(text));
    }
  }

  @Provide
  Arbitrary<List<Ask>> asks() {
    return Combinators.combine(
            Arbitraries.of("acme", "globex", "acme2"),
            // The second is the first with white space around it, the last two are one in NFC.
            Arbitraries.of("hi", " hi\n", "Hi", "caf\u00e9", "cafe\u0301"),
            Arbitraries.frequencyOf(
                Tuple.of(8, Arbitraries.just(RoutingPolicy.DEFAULT)),
                Tuple.of(1, Arbitraries.just(RoutingPolicy.LARGE_ONLY))),
            Arbitraries.frequencyOf(
                Tuple.of(8, Arbitraries.just(CacheUse.ALLOWED)),
                Tuple.of(1, Arbitraries.just(new CacheUse(false, true))),
                Tuple.of(1, Arbitraries.just(new CacheUse(true, false)))))
        .as(Ask::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(24);
  }

  private static Attempt answer(InferenceRequest request) {
    Label label = new Label(request.context().tenant().name());
    Answer answer = new Answer.Classified(label, Distribution.certain(label));
    return new Attempt.Proposed(answer, Confidence.FULL, USAGE, "big@1", USAGE);
  }

  private static String question(Ask ask) {
    String text =
        switch (ask.text()) {
          case " hi\n" -> "hi";
          case "cafe\u0301" -> "caf\u00e9";
          default -> ask.text();
        };
    return ask.tenant() + "/" + text;
  }

  @Property(tries = 100)
  void tenantsNeverShareAndTheSameQuestionIsAskedOnce(@ForAll("asks") List<Ask> asks)
      throws Exception {
    AtomicInteger calls = new AtomicInteger();
    CountDownLatch release = new CountDownLatch(1);
    SingleFlight flights =
        new SingleFlight(
            request -> {
              calls.incrementAndGet();
              awaitQuietly(release);
              return answer(request);
            },
            KEYS,
            Clock.systemUTC());
    Map<String, Integer> together = new HashMap<>();
    int alone = 0;
    Set<String> distinct = new HashSet<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Attempt>> waiting = new ArrayList<>();
      for (int i = 0; i < asks.size(); i++) {
        Ask ask = asks.get(i);
        InferenceRequest request = ask.request(i, Cancellation.NEVER);
        waiting.add(threads.submit(() -> flights.attempt(request)));
        if (ask.mayShare()) {
          distinct.add(question(ask));
          int aboard = together.merge(question(ask), 1, Integer::sum);
          while (flights.aboard(request) < aboard) {
            Thread.onSpinWait();
          }
        } else {
          alone++;
        }
      }
      while (calls.get() < distinct.size() + alone) {
        Thread.onSpinWait();
      }
      release.countDown();
      int charged = 0;
      for (int i = 0; i < asks.size(); i++) {
        Attempt.Proposed proposed = assertInstanceOf(Attempt.Proposed.class, waiting.get(i).get());
        Answer.Classified classified = (Answer.Classified) proposed.answer();
        assertEquals(asks.get(i).tenant(), classified.label().value());
        charged += proposed.usage().requests();
        assertEquals(proposed.shared() ? Usage.NONE : USAGE, proposed.usage());
        assertEquals(USAGE, proposed.largeUsage());
      }
      assertEquals(distinct.size() + alone, calls.get());
      assertEquals(calls.get(), charged);
    }
  }

  /** Whoever wins, the landing or the leaving: a call that was made is charged to someone. */
  @Property(tries = 300)
  void aCallThatLandsWhileItsLastCallerLeavesIsChargedOnce(@ForAll boolean cancelFirst)
      throws Exception {
    CountDownLatch called = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    SingleFlight flights =
        new SingleFlight(
            request -> {
              called.countDown();
              awaitQuietly(release);
              return answer(request);
            },
            KEYS,
            Clock.systemUTC());
    Cancellation cancellation = Cancellation.possible();
    InferenceRequest request =
        new Ask("acme", "hi", RoutingPolicy.DEFAULT, CacheUse.ALLOWED).request(1, cancellation);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Attempt> waiting = threads.submit(() -> flights.attempt(request));
      called.await();
      Future<?> other = threads.submit(cancelFirst ? release::countDown : cancellation::cancel);
      if (cancelFirst) {
        cancellation.cancel();
      } else {
        release.countDown();
      }
      other.get();
      assertEquals(USAGE, waiting.get().usage());
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
