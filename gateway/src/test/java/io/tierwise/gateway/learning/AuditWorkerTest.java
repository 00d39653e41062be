package io.tierwise.gateway.learning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.gateway.metrics.Metrics;
import io.tierwise.gateway.store.AuditHistory;
import io.tierwise.gateway.store.AuditLog;
import io.tierwise.gateway.store.AuditRow;
import io.tierwise.gateway.store.AuditSpending;
import io.tierwise.gateway.store.AuditSpool;
import io.tierwise.gateway.store.AuditStore;
import io.tierwise.gateway.store.CorpusStore;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.store.StoreException;
import io.tierwise.gateway.testing.MutableClock;
import io.tierwise.gateway.testing.Requests;
import io.tierwise.gateway.tier.Surroundings;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.AuditCap;
import io.tierwise.router.contract.AuditSample;
import io.tierwise.router.contract.Audited;
import io.tierwise.router.contract.Gate;
import io.tierwise.router.contract.JudgedAttempt;
import io.tierwise.router.contract.Thresholds;
import io.tierwise.router.contract.Verdict;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Tariff;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.request.Answer;
import io.tierwise.router.request.Distribution;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Label;
import io.tierwise.router.tier.Attempt;
import io.tierwise.router.tier.Reference;
import io.tierwise.router.tier.Tier;
import io.tierwise.router.tier.TierName;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditWorkerTest {
  private static final Gate OPEN = new Gate.Open(Thresholds.NONE, "cert-1");

  private static final Tariff TARIFF =
      new Tariff.PerToken(Money.of("1000000"), Money.of("0"), Money.of("0"));
  private static final Duration GRACE = Duration.ofSeconds(20);

  private double repeatRate;

  @TempDir private Path folder;
  private final MutableClock clock = new MutableClock(Requests.NOW);
  private final Metrics metrics = new Metrics();
  private final List<LedgerEntry> ledger = Collections.synchronizedList(new ArrayList<>());
  private final List<Reference> references = Collections.synchronizedList(new ArrayList<>());
  private final List<Duration> pauses = Collections.synchronizedList(new ArrayList<>());
  private Database database;
  private AuditStore store;
  private AuditSpool spool;
  private @Nullable AuditCap cap;

  @BeforeEach
  void open() {
    database = Database.open(folder);
    store = new AuditStore(database, clock);
    spool = spool();
  }

  @AfterEach
  void close() {
    database.close();
  }

  /** As a process has it that has just started: nothing is claimed. */
  private AuditSpool spool() {
    CorpusStore corpus =
        CorpusStore.open(database, clock, CorpusStore.keyFile(folder), new SecureRandom());
    return new AuditSpool(database, clock, corpus);
  }

  private AuditWorker worker(Tier large, int places) {
    return worker(large, places, store, null);
  }

  private AuditWorker worker(Tier large, int places, AuditLog log, @Nullable AuditQueue queue) {
    return new AuditWorker(
        new AuditWorker.Setting(
            Requests.TASK,
            large,
            TARIFF,
            Duration.ofSeconds(30),
            log,
            spool,
            cap,
            queue,
            repeatRate,
            ledger::add,
            references::add,
            metrics),
        1,
        places,
        new Surroundings(clock, () -> 0, new Random(1), pauses::add));
  }

  private static Attempt.Proposed says(String label, Usage usage) {
    Label answer = new Label(label);
    return new Attempt.Proposed(
        new Answer.Classified(answer, Distribution.certain(answer)),
        new Confidence(0.75),
        usage,
        "v7");
  }

  private static List<JudgedAttempt> studentSays(String label) {
    return List.of(
        new JudgedAttempt(
            TierName.EXACT_CACHE,
            new Attempt.Missed(Usage.NONE),
            Verdict.NO_CANDIDATE,
            Money.ZERO,
            Duration.ZERO),
        new JudgedAttempt(
            TierName.STUDENT,
            says(label, Usage.NONE),
            Verdict.ACCEPTED,
            Money.ZERO,
            Duration.ZERO));
  }

  private static Audited.Pending pending(String label) {
    return pending("r1", label);
  }

  private static Audited.Pending pending(String id, String label) {
    return new Audited.Pending(Requests.withId(id), OPEN, studentSays(label));
  }

  /** The student has said "delivery". */
  private static AuditRow row(@Nullable String reference) {
    return row("r1", "delivery", reference);
  }

  private static AuditRow row(String id, String said, @Nullable String reference) {
    boolean agrees = said.equals(reference);
    return new AuditRow(
        id,
        "v7",
        "cert-1",
        Map.of(TierName.STUDENT, new AuditSample.Scored(new Confidence(0.75), agrees)),
        Map.of(TierName.EXACT_CACHE, Verdict.NO_CANDIDATE, TierName.STUDENT, Verdict.ACCEPTED),
        reference == null,
        reference == null ? null : new Label(reference));
  }

  /** A table that is throttled for a while. */
  private final class Throttled implements AuditLog {
    private int refusals;

    Throttled(int refusals) {
      this.refusals = refusals;
    }

    @Override
    public boolean keep(String task, AuditRow row, Money cost) {
      if (refusals-- > 0) {
        throw StoreException.outside("audits", new IllegalStateException("throttled"));
      }
      return store.keep(task, row, cost);
    }

    @Override
    public boolean holds(String task, String requestId) {
      return store.holds(task, requestId);
    }

    @Override
    public void keepRepeat(String task, String requestId, boolean agrees) {
      store.keepRepeat(task, requestId, agrees);
    }

    @Override
    public void charge(String task, Money cost) {
      store.charge(task, cost);
    }

    @Override
    public AuditSpending spentToday(String task) {
      return store.spentToday(task);
    }
  }

  @Test
  void aQueuedAuditThatIsDeliveredAgainIsNeitherAskedNorChargedAgain() {
    List<InferenceRequest> asked = new ArrayList<>();
    Tier large =
        request -> {
          asked.add(request);
          return says("delivery", Usage.tokens(3, 1, Duration.ofMillis(200)));
        };
    try (AuditWorker worker = worker(large, 1)) {
      assertEquals(true, worker.make(pending("delivery")));
      assertEquals(true, worker.make(pending("delivery")));
    }
    assertEquals(1, asked.size());
    assertEquals(1, ledger.size());
    assertEquals(Money.of("3"), store.spentToday("support").spent());
    assertEquals(List.of(row("delivery")), store.rows("support"));
  }

  @Test
  void whatWasAskedAndCannotBeKeptGoesBackWithItsAnswerAndIsNotAskedAgain() {
    List<Audited> back = new ArrayList<>();
    Tier large = request -> says("delivery", Usage.tokens(3, 1, Duration.ofMillis(200)));
    try (AuditWorker worker = worker(large, 1, new Throttled(2), back::add)) {
      assertEquals(true, worker.make(pending("delivery")));
      Audited again = back.getFirst();
      assertThrows(StoreException.class, () -> worker.make(again));
      assertEquals(true, worker.make(again));
    }
    assertEquals(1, back.size());
    assertEquals(1, ledger.size());
    assertEquals(List.of(row("delivery")), store.rows("support"));
  }

  @Test
  void anAuditWhoseLargeModelIsOutOfReachIsToBeDeliveredAgain() {
    Tier large = request -> new Attempt.Unavailable(Attempt.Cause.FAILED, "down", Usage.NONE);
    try (AuditWorker worker = worker(large, 1)) {
      assertEquals(false, worker.make(pending("delivery")));
    }
    assertEquals(List.of(), store.rows("support"));
    assertEquals(List.of(), ledger);
  }

  @Test
  void keepsACompleteAuditAtOnce() {
    try (AuditWorker worker = worker(request -> says("refund", Usage.NONE), 1)) {
      InferenceRequest request = Requests.classify("hi");
      worker.submit(
          new Audited.Complete(
              request, OPEN, studentSays("delivery"), says("delivery", Usage.NONE).answer()));
      assertEquals(List.of(row("delivery")), store.rows("support"));
      assertEquals(List.of(), ledger);
    }
  }

  @Test
  void asksTheLargeModelOffTheCallersPathAndRecordsWhatItCost() throws InterruptedException {
    Usage usage = Usage.tokens(3, 1, Duration.ofMillis(200));
    List<InferenceRequest> asked = Collections.synchronizedList(new ArrayList<>());
    AuditWorker worker =
        worker(
            request -> {
              asked.add(request);
              return says("refund", usage);
            },
            1);
    clock.advance(Duration.ofMinutes(5));
    worker.submit(pending("delivery"));
    worker.drain(GRACE);
    assertEquals(List.of(row("refund")), store.rows("support"));
    LedgerEntry entry = ledger.getFirst();
    assertEquals(LedgerEntry.Purpose.AUDIT, entry.purpose());
    assertEquals(Money.of("3"), entry.cost());
    assertEquals(true, references.getFirst().audited());
    assertEquals(Requests.classify("hi").input(), input(references.getFirst()));
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
    AuditWorker worker =
        worker(
            request -> {
              done.countDown();
              return answers.removeFirst();
            },
            1);
    worker.submit(pending("delivery"));
    done.await();
    worker.drain(GRACE);
    assertEquals(List.of(row("delivery")), store.rows("support"));
    assertEquals(List.of(Duration.ofSeconds(10), Duration.ofSeconds(10)), pauses);
    assertEquals(Money.of("4"), ledger.getFirst().cost());
  }

  @Test
  void countsAReferenceAsMissingWhereTheAnswerIsNone() throws InterruptedException {
    AuditWorker worker =
        worker(
            request ->
                new Attempt.Unavailable(
                    Attempt.Cause.UNUSABLE_ANSWER,
                    "no label",
                    new Usage(1, 2, 0, 5, Duration.ZERO)),
            1);
    worker.submit(pending("delivery"));
    worker.drain(GRACE);
    assertEquals(List.of(row(null)), store.rows("support"));
    assertEquals("audit-unavailable", ledger.getFirst().refusal());
    assertEquals(Money.of("2"), ledger.getFirst().cost());
    assertEquals(List.of(), references);
    assertEquals(List.of(), pauses);
  }

  @Test
  void dropsNoAuditInSilence() throws InterruptedException {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    AuditWorker worker =
        worker(
            request -> {
              asked.countDown();
              try {
                release.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              return says("delivery", Usage.NONE);
            },
            1);
    worker.submit(pending("delivery"));
    asked.await();
    worker.submit(pending("r2", "delivery"));
    worker.submit(pending("r3", "delivery"));
    assertEquals(List.of(row("r3", "delivery", null)), store.rows("support"));
    assertTrue(
        metrics
            .scrape()
            .contains("tierwise_audits_total{outcome=\"dropped\",task=\"support\"} 1.0"));
    assertTrue(metrics.scrape().contains("tierwise_audit_queue_depth{task=\"support\"} 1.0"));
    release.countDown();
    worker.drain(GRACE);
    assertEquals(3, store.rows("support").size());
    assertEquals(2, store.rows("support").stream().filter(row -> !row.referenceMissing()).count());
  }

  /** A worker whose first audit never comes back, and that is then ended. */
  private void endInTheMiddle(Usage used) throws InterruptedException {
    CountDownLatch asked = new CountDownLatch(1);
    AuditWorker worker =
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
    assertEquals(List.of(), store.rows("support"));
    assertEquals(2, spool.waiting("support"));
    assertEquals(Money.of("2"), store.spentToday("support").spent());

    spool = spool();
    AuditWorker next = worker(request -> says("delivery", Usage.NONE), 5);
    next.drain(GRACE);
    assertEquals(
        List.of(row("r1", "delivery", "delivery"), row("r2", "refund", "delivery")),
        store.rows("support"));
    assertEquals(0, spool.waiting("support"));
    assertEquals(
        List.of("hi", "hi"),
        references.stream().map(each -> ((Input.Text) input(each)).value()).toList());
  }

  @Test
  void aNewWorkerOfTheSameProcessLeavesAloneWhatTheOldOneIsMaking() throws InterruptedException {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    AuditWorker old =
        worker(
            request -> {
              asked.countDown();
              try {
                release.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              return says("delivery", Usage.NONE);
            },
            5);
    old.submit(pending("delivery"));
    asked.await();
    AuditWorker next =
        worker(
            request -> {
              throw new IllegalStateException("asked a second time");
            },
            5);
    next.drain(GRACE);
    release.countDown();
    old.drain(GRACE);
    assertEquals(List.of(row("delivery")), store.rows("support"));
  }

  @Test
  void keepsAnAuditOnceThoughACrashMadeItTwice() throws InterruptedException {
    AuditWorker worker = worker(request -> says("delivery", Usage.tokens(3, 1, Duration.ZERO)), 5);
    worker.submit(pending("delivery"));
    worker.submit(pending("delivery"));
    worker.drain(GRACE);
    assertEquals(List.of(row("delivery")), store.rows("support"));
    assertEquals(1, references.size());
    assertEquals(0, spool.waiting("support"));
  }

  @Test
  void makesFewerAuditsTheMoreOfTheDaysLimitIsSpent() throws InterruptedException {
    cap = new AuditCap(Money.of("10"));
    AuditWorker worker = worker(request -> says("delivery", Usage.tokens(7, 1, Duration.ZERO)), 5);
    assertEquals(1, worker.affordable());
    worker.submit(pending("delivery"));
    worker.drain(GRACE);
    assertEquals(0.6, worker.affordable(), 1e-12);

    assertEquals(0.6, worker(request -> says("delivery", Usage.NONE), 5).affordable(), 1e-12);
    clock.advance(Duration.ofDays(1));
    assertEquals(1, worker.affordable());
  }

  @Test
  void asksAShareTwiceAndKeepsHowOftenTheLargeModelContradictsItself() throws InterruptedException {
    repeatRate = 1;
    Iterator<String> says = List.of("refund", "refund", "refund", "delivery").iterator();
    try (AuditWorker worker =
        worker(request -> says(says.next(), Usage.tokens(20, 1, Duration.ZERO)), 10)) {
      worker.submit(pending("r1", "refund"));
      worker.submit(pending("r2", "refund"));
      worker.drain(Duration.ofSeconds(20));
    }
    assertEquals(new AuditHistory.Repeats(2, 1), store.repeats("support"));
    assertEquals(4, ledger.size());
    assertTrue(ledger.stream().allMatch(entry -> entry.purpose() == LedgerEntry.Purpose.AUDIT));
    assertEquals(4, store.spentToday("support").audits());
    assertEquals(2, store.rows("support").size());
    assertEquals(2, references.size());
  }
}
