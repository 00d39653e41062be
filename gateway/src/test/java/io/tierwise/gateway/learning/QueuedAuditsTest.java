package io.tierwise.gateway.learning;

import static io.tierwise.gateway.learning.AuditScene.pending;
import static io.tierwise.gateway.learning.AuditScene.row;
import static io.tierwise.gateway.learning.AuditScene.says;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tierwise.gateway.store.AuditClaims;
import io.tierwise.gateway.store.AuditLog;
import io.tierwise.gateway.store.AuditRow;
import io.tierwise.gateway.store.AuditSpending;
import io.tierwise.gateway.store.MemoryAuditClaims;
import io.tierwise.gateway.store.StoreException;
import io.tierwise.router.contract.Audited;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.ledger.CostReport;
import io.tierwise.router.tier.Attempt;
import io.tierwise.router.tier.Tier;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An input token costs a dollar, so a call costs three. */
class QueuedAuditsTest {
  private static final Usage USED = Usage.tokens(3, 1, Duration.ofMillis(200));

  /** How long the queue waits before it delivers what was not finished again. */
  private static final Duration REDELIVERY = Duration.ofMinutes(12);

  @TempDir private Path folder;
  private AuditScene scene;
  private MemoryAuditClaims claims;
  private int asked;

  @BeforeEach
  void open() {
    scene = new AuditScene(folder);
    claims = new MemoryAuditClaims(scene.store, scene.clock);
  }

  @AfterEach
  void close() {
    scene.close();
  }

  private Attempt delivery() {
    asked++;
    return says("delivery", USED);
  }

  private QueuedAudits audits(Tier large) {
    return audits(large, new Trouble((step, done) -> {}), null);
  }

  private QueuedAudits audits(Tier large, Trouble trouble, @Nullable AuditQueue queue) {
    AuditSetting setting =
        scene.setting(
            request -> trouble.during(Step.ASK, () -> large.attempt(request)), trouble, 0);
    return new QueuedAudits(
        new AuditSetting(
            setting.task(),
            setting.referee(),
            trouble,
            0,
            entry -> trouble.during(Step.RECORD, () -> scene.ledger.add(entry)),
            setting.references(),
            setting.metrics()),
        trouble,
        queue,
        scene.surroundings);
  }

  /** What the making of an audit does to the world, in its order. */
  enum Step {
    CLAIM,
    ASK,
    ANSWERED,
    RECORD,
    KEEP
  }

  private interface Fault {
    void at(Step step, boolean done);
  }

  /** As a kill: nothing catches it. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1;
  }

  /** The store, with trouble before or after what is done to it. */
  private final class Trouble implements AuditLog, AuditClaims {
    private final Fault fault;

    Trouble(Fault fault) {
      this.fault = fault;
    }

    <T> T during(Step step, Supplier<T> work) {
      fault.at(step, false);
      T result = work.get();
      fault.at(step, true);
      return result;
    }

    @Override
    public boolean keep(String task, AuditRow row, Money cost) {
      return during(Step.KEEP, () -> scene.store.keep(task, row, cost));
    }

    @Override
    public Claim claim(String task, String requestId, Duration lease) {
      return during(Step.CLAIM, () -> claims.claim(task, requestId, lease));
    }

    @Override
    public void answered(String task, String requestId, Answered answer) {
      during(
          Step.ANSWERED,
          () -> {
            claims.answered(task, requestId, answer);
            return answer;
          });
    }

    @Override
    public void release(String task, String requestId) {
      claims.release(task, requestId);
    }

    @Override
    public boolean holds(String task, String requestId) {
      return scene.store.holds(task, requestId);
    }

    @Override
    public void keepRepeat(String task, String requestId, boolean agrees) {
      scene.store.keepRepeat(task, requestId, agrees);
    }

    @Override
    public void charge(String task, Money cost) {
      scene.store.charge(task, cost);
    }

    @Override
    public AuditSpending spentToday(String task) {
      return scene.store.spentToday(task);
    }
  }

  private static Fault throttled(Step which, int times) {
    int[] left = {times};
    return (step, done) -> {
      if (step == which && !done && left[0]-- > 0) {
        throw StoreException.outside("audits", new IllegalStateException("throttled"));
      }
    };
  }

  private static Fault killed(Step which, boolean done) {
    return (step, after) -> {
      if (step == which && after == done) {
        throw new Killed();
      }
    };
  }

  /** As the report has it: an entry that comes twice counts once. */
  private CostReport.Row reported() {
    return CostReport.of(List.of(), scene.ledger.stream().distinct()).total();
  }

  private void assertKeptOnce() {
    assertEquals(List.of(row("delivery")), scene.store.rows("support"));
    assertEquals(1, reported().audits());
  }

  @Test
  void anAuditThatIsDeliveredAgainIsNeitherAskedNorChargedAgain() {
    QueuedAudits audits = audits(request -> delivery());
    assertEquals(true, audits.make(pending("delivery")));
    assertEquals(true, audits.make(pending("delivery")));
    assertEquals(1, asked);
    assertEquals(1, scene.ledger.size());
    assertEquals(Money.of("3"), scene.store.spentToday("support").spent());
    assertKeptOnce();
  }

  @Test
  void whileOneAsksAnotherDeliveryWaits() {
    List<Boolean> meanwhile = new ArrayList<>();
    Tier large =
        request -> {
          meanwhile.add(audits(again -> delivery()).make(pending("delivery")));
          return delivery();
        };
    assertEquals(true, audits(large).make(pending("delivery")));
    assertEquals(List.of(false), meanwhile);
    assertEquals(1, asked);
    assertKeptOnce();
  }

  @Test
  void whatWasAskedAndCannotBeKeptIsKeptWhenItIsDeliveredAgain() {
    QueuedAudits audits = audits(request -> delivery(), new Trouble(throttled(Step.KEEP, 2)), null);
    assertThrows(StoreException.class, () -> audits.make(pending("delivery")));
    assertThrows(StoreException.class, () -> audits.make(pending("delivery")));
    assertEquals(true, audits.make(pending("delivery")));
    assertEquals(1, asked);
    assertEquals(Money.of("3"), reported().auditCost());
    assertKeptOnce();
  }

  @Test
  void anAnswerThatCannotBeNotedGoesBackToTheQueueAndIsNotAskedAgain() {
    List<Audited> back = new ArrayList<>();
    QueuedAudits audits =
        audits(request -> delivery(), new Trouble(throttled(Step.ANSWERED, 1)), back::add);
    assertEquals(true, audits.make(pending("delivery")));
    assertEquals(true, audits.make(back.getFirst()));
    assertEquals(1, back.size());
    assertEquals(1, asked);
    assertEquals(Money.of("3"), reported().auditCost());
    assertKeptOnce();
  }

  /**
   * Only between asking and the first write can a call be lost; and where it was not yet made, it
   * is counted as lost all the same, for nobody can tell.
   */
  @ParameterizedTest
  @CsvSource({
    "CLAIM, false, 1, 0",
    "CLAIM, true, 1, 1",
    "ASK, false, 1, 1",
    "ASK, true, 2, 1",
    "ANSWERED, false, 2, 1",
    "ANSWERED, true, 1, 0",
    "RECORD, false, 1, 0",
    "RECORD, true, 1, 0",
    "KEEP, false, 1, 0",
    "KEEP, true, 1, 0"
  })
  void whereverItIsKilledTheAuditIsKeptOnceAndNoCallIsMissedInTheReport(
      Step step, boolean done, int calls, int lost) {
    assertThrows(
        Killed.class,
        () ->
            audits(request -> delivery(), new Trouble(killed(step, done)), null)
                .make(pending("delivery")));
    scene.clock.advance(REDELIVERY);
    assertEquals(true, audits(request -> delivery()).make(pending("delivery")));

    assertEquals(calls, asked);
    assertEquals(lost, reported().lostCalls());
    assertEquals(Money.of("3").times(lost), reported().lostCost());
    assertEquals(Money.of("3").times(1L + lost), reported().auditCost());
    assertEquals(reported().auditCost(), scene.store.spentToday("support").spent());
    assertKeptOnce();
  }

  @Test
  void anUnusableAnswerIsKeptAsAMissingReferenceAndNotAskedForAgain() {
    Tier large =
        request -> {
          asked++;
          return new Attempt.Unavailable(Attempt.Cause.UNUSABLE_ANSWER, "no label", USED);
        };
    assertThrows(
        Killed.class,
        () ->
            audits(large, new Trouble(killed(Step.RECORD, false)), null).make(pending("delivery")));
    assertEquals(true, audits(large).make(pending("delivery")));
    assertEquals(1, asked);
    assertEquals(List.of(row(null)), scene.store.rows("support"));
    assertEquals("audit-unavailable", scene.ledger.getFirst().refusal());
  }

  @Test
  void whatWasUsedBeforeAModelWasOutOfReachIsChargedAndTheAuditIsDeliveredAgain() {
    Tier half = request -> new Attempt.Unavailable(Attempt.Cause.TIMEOUT, "slow", USED);
    assertEquals(false, audits(half).make(pending("delivery")));
    assertEquals(List.of(), scene.store.rows("support"));
    assertEquals("audit-unavailable", scene.ledger.getFirst().refusal());
    assertEquals(Money.of("3"), scene.store.spentToday("support").spent());

    assertEquals(true, audits(request -> delivery()).make(pending("delivery")));
    assertEquals(List.of(row("delivery")), scene.store.rows("support"));
    assertEquals(0, reported().lostCalls());
    assertEquals(Money.of("6"), reported().auditCost());
    assertEquals(Money.of("6"), scene.store.spentToday("support").spent());
  }

  @Test
  void anAuditWhoseLargeModelIsOutOfReachIsDeliveredAgainAndNoCallIsLost() {
    Tier down = request -> new Attempt.Unavailable(Attempt.Cause.FAILED, "down", Usage.NONE);
    assertEquals(false, audits(down).make(pending("delivery")));
    assertEquals(List.of(), scene.store.rows("support"));
    assertEquals(List.of(), scene.ledger);

    assertEquals(true, audits(request -> delivery()).make(pending("delivery")));
    assertEquals(0, reported().lostCalls());
    assertKeptOnce();
  }
}
