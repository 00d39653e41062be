package io.tierwise.gateway.learning;

import static io.tierwise.gateway.learning.AuditScene.OPEN;
import static io.tierwise.gateway.learning.AuditScene.pending;
import static io.tierwise.gateway.learning.AuditScene.row;
import static io.tierwise.gateway.learning.AuditScene.says;
import static io.tierwise.gateway.learning.AuditScene.studentSays;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.gateway.store.AuditHistory;
import io.tierwise.gateway.store.AuditSpool;
import io.tierwise.gateway.store.CorpusStore;
import io.tierwise.gateway.testing.Requests;
import io.tierwise.router.contract.AuditCap;
import io.tierwise.router.contract.Audited;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.request.Input;
import io.tierwise.router.tier.Attempt;
import io.tierwise.router.tier.Reference;
import io.tierwise.router.tier.Tier;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpooledAuditsTest {
  private static final Duration GRACE = Duration.ofSeconds(20);

  @TempDir private Path folder;
  private AuditScene scene;
  private AuditSpool spool;
  private @Nullable AuditCap cap;
  private double repeatRate;

  @BeforeEach
  void open() {
    scene = new AuditScene(folder);
    spool = spool();
  }

  @AfterEach
  void close() {
    scene.close();
  }

  /** As a process has it that has just started: nothing is claimed. */
  private AuditSpool spool() {
    CorpusStore corpus =
        CorpusStore.open(
            scene.database, scene.clock, CorpusStore.keyFile(folder), new SecureRandom());
    return new AuditSpool(scene.database, scene.clock, corpus);
  }

  private SpooledAudits worker(Tier large, int places) {
    return new SpooledAudits(
        scene.setting(large, scene.store, repeatRate), spool, cap, 1, places, scene.surroundings);
  }

  /** A large model that says delivery once it is let go. */
  private static Tier holding(CountDownLatch asked, CountDownLatch release) {
    return request -> {
      asked.countDown();
      try {
        release.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return says("delivery", Usage.NONE);
    };
  }

  @Test
  void keepsACompleteAuditAtOnce() {
    try (SpooledAudits worker = worker(request -> says("refund", Usage.NONE), 1)) {
      InferenceRequest request = Requests.classify("hi");
      worker.submit(
          new Audited.Complete(
              request, OPEN, studentSays("delivery"), says("delivery", Usage.NONE).answer()));
      assertEquals(List.of(row("delivery")), scene.store.rows("support"));
      assertEquals(List.of(), scene.ledger);
    }
  }

  @Test
  void asksTheLargeModelOffTheCallersPathAndRecordsWhatItCost() throws InterruptedException {
    Usage usage = Usage.tokens(3, 1, Duration.ofMillis(200));
    List<InferenceRequest> asked = Collections.synchronizedList(new ArrayList<>());
    SpooledAudits worker =
        worker(
            request -> {
              asked.add(request);
              return says("refund", usage);
            },
            1);
    scene.clock.advance(Duration.ofMinutes(5));
    worker.submit(pending("delivery"));
    worker.drain(GRACE);
    assertEquals(List.of(row("refund")), scene.store.rows("support"));
    LedgerEntry entry = scene.ledger.getFirst();
    assertEquals(LedgerEntry.Purpose.AUDIT, entry.purpose());
    assertEquals(Money.of("3"), entry.cost());
    assertEquals(true, scene.references.getFirst().audited());
    assertEquals(Requests.classify("hi").input(), input(scene.references.getFirst()));
    assertEquals(
        Requests.NOW.plus(Duration.ofMinutes(5)).plusSeconds(30),
        asked.getFirst().context().deadline());
  }

  private static Input input(Reference reference) {
    return ((InferenceRequest.Classify) reference.request()).input();
  }

  @Test
  void waitsForALargeModelThatIsOutOfReach() throws InterruptedException {
    Usage failed = new Usage(1, 1, 0, 0, Duration.ZERO);
    List<Attempt> answers =
        new ArrayList<>(
            List.of(
                new Attempt.Unavailable(Attempt.Cause.FAILED, "down", failed),
                new Attempt.Unavailable(Attempt.Cause.BREAKER_OPEN, "open", Usage.NONE),
                says("delivery", Usage.tokens(3, 1, Duration.ZERO))));
    CountDownLatch done = new CountDownLatch(3);
    SpooledAudits worker =
        worker(
            request -> {
              done.countDown();
              return answers.removeFirst();
            },
            1);
    worker.submit(pending("delivery"));
    done.await();
    worker.drain(GRACE);
    assertEquals(List.of(row("delivery")), scene.store.rows("support"));
    assertEquals(List.of(Duration.ofSeconds(10), Duration.ofSeconds(10)), scene.pauses);
    assertEquals(Money.of("4"), scene.ledger.getFirst().cost());
  }

  @Test
  void countsAReferenceAsMissingWhereTheAnswerIsNone() throws InterruptedException {
    SpooledAudits worker =
        worker(
            request ->
                new Attempt.Unavailable(
                    Attempt.Cause.UNUSABLE_ANSWER,
                    "no label",
                    new Usage(1, 2, 0, 5, Duration.ZERO)),
            1);
    worker.submit(pending("delivery"));
    worker.drain(GRACE);
    assertEquals(List.of(row(null)), scene.store.rows("support"));
    assertEquals("audit-unavailable", scene.ledger.getFirst().refusal());
    assertEquals(Money.of("2"), scene.ledger.getFirst().cost());
    assertEquals(List.of(), scene.references);
    assertEquals(List.of(), scene.pauses);
  }

  @Test
  void dropsNoAuditInSilence() throws InterruptedException {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    SpooledAudits worker = worker(holding(asked, release), 1);
    worker.submit(pending("delivery"));
    asked.await();
    worker.submit(pending("r2", "delivery"));
    worker.submit(pending("r3", "delivery"));
    assertEquals(List.of(row("r3", "delivery", null)), scene.store.rows("support"));
    assertTrue(
        scene
            .metrics
            .scrape()
            .contains("tierwise_audits_total{outcome=\"dropped\",task=\"support\"} 1.0"));
    assertTrue(scene.metrics.scrape().contains("tierwise_audit_queue_depth{task=\"support\"} 1.0"));
    release.countDown();
    worker.drain(GRACE);
    assertEquals(3, scene.store.rows("support").size());
    assertEquals(
        2, scene.store.rows("support").stream().filter(row -> !row.referenceMissing()).count());
  }

  /** A worker whose first audit never comes back, and that is then ended. */
  private void endInTheMiddle(Usage used) throws InterruptedException {
    CountDownLatch asked = new CountDownLatch(1);
    SpooledAudits worker =
        worker(
            request -> {
              asked.countDown();
              try {
                new CountDownLatch(1).await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              return new Attempt.Unavailable(Attempt.Cause.FAILED, "interrupted", used);
            },
            5);
    worker.submit(pending("delivery"));
    asked.await();
    worker.submit(pending("r2", "refund"));
    worker.close();
  }

  @Test
  void makesWhatWaitedAtTheEndAfterTheNextStart() throws InterruptedException {
    endInTheMiddle(new Usage(1, 2, 0, 0, Duration.ZERO));
    assertEquals(List.of(), scene.store.rows("support"));
    assertEquals(2, spool.waiting("support"));
    assertEquals(Money.of("2"), scene.store.spentToday("support").spent());

    spool = spool();
    SpooledAudits next = worker(request -> says("delivery", Usage.NONE), 5);
    next.drain(GRACE);
    assertEquals(
        List.of(row("r1", "delivery", "delivery"), row("r2", "refund", "delivery")),
        scene.store.rows("support"));
    assertEquals(0, spool.waiting("support"));
    assertEquals(
        List.of("hi", "hi"),
        scene.references.stream().map(each -> ((Input.Text) input(each)).value()).toList());
  }

  @Test
  void aNewWorkerOfTheSameProcessLeavesAloneWhatTheOldOneIsMaking() throws InterruptedException {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    SpooledAudits old = worker(holding(asked, release), 5);
    old.submit(pending("delivery"));
    asked.await();
    SpooledAudits next =
        worker(
            request -> {
              throw new IllegalStateException("asked a second time");
            },
            5);
    next.drain(GRACE);
    release.countDown();
    old.drain(GRACE);
    assertEquals(List.of(row("delivery")), scene.store.rows("support"));
  }

  @Test
  void keepsAnAuditOnceThoughACrashMadeItTwice() throws InterruptedException {
    SpooledAudits worker =
        worker(request -> says("delivery", Usage.tokens(3, 1, Duration.ZERO)), 5);
    worker.submit(pending("delivery"));
    worker.submit(pending("delivery"));
    worker.drain(GRACE);
    assertEquals(List.of(row("delivery")), scene.store.rows("support"));
    assertEquals(1, scene.references.size());
    assertEquals(0, spool.waiting("support"));
  }

  @Test
  void makesFewerAuditsTheMoreOfTheDaysLimitIsSpent() throws InterruptedException {
    cap = new AuditCap(Money.of("10"));
    SpooledAudits worker =
        worker(request -> says("delivery", Usage.tokens(7, 1, Duration.ZERO)), 5);
    assertEquals(1, worker.affordable());
    worker.submit(pending("delivery"));
    worker.drain(GRACE);
    assertEquals(0.6, worker.affordable(), 1e-12);

    assertEquals(0.6, worker(request -> says("delivery", Usage.NONE), 5).affordable(), 1e-12);
    scene.clock.advance(Duration.ofDays(1));
    assertEquals(1, worker.affordable());
  }

  @Test
  void asksAShareTwiceAndKeepsHowOftenTheLargeModelContradictsItself() throws InterruptedException {
    repeatRate = 1;
    Iterator<String> says = List.of("refund", "refund", "refund", "delivery").iterator();
    try (SpooledAudits worker =
        worker(request -> says(says.next(), Usage.tokens(20, 1, Duration.ZERO)), 10)) {
      worker.submit(pending("r1", "refund"));
      worker.submit(pending("r2", "refund"));
      worker.drain(Duration.ofSeconds(20));
    }
    assertEquals(new AuditHistory.Repeats(2, 1), scene.store.repeats("support"));
    assertEquals(4, scene.ledger.size());
    assertTrue(
        scene.ledger.stream().allMatch(entry -> entry.purpose() == LedgerEntry.Purpose.AUDIT));
    assertEquals(4, scene.store.spentToday("support").audits());
    assertEquals(2, scene.store.rows("support").size());
    assertEquals(2, scene.references.size());
  }
}
