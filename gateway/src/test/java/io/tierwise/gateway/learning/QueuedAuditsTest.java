package io.tierwise.gateway.learning;

import static io.tierwise.gateway.learning.AuditScene.pending;
import static io.tierwise.gateway.learning.AuditScene.row;
import static io.tierwise.gateway.learning.AuditScene.says;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tierwise.gateway.store.AuditLog;
import io.tierwise.gateway.store.AuditRow;
import io.tierwise.gateway.store.AuditSpending;
import io.tierwise.gateway.store.StoreException;
import io.tierwise.router.contract.Audited;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.tier.Attempt;
import io.tierwise.router.tier.Tier;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QueuedAuditsTest {
  private static final Usage USED = Usage.tokens(3, 1, Duration.ofMillis(200));

  @TempDir private Path folder;
  private AuditScene scene;

  @BeforeEach
  void open() {
    scene = new AuditScene(folder);
  }

  @AfterEach
  void close() {
    scene.close();
  }

  private QueuedAudits audits(Tier large, AuditLog log, @Nullable AuditQueue queue) {
    return new QueuedAudits(scene.setting(large, log, 0), queue, scene.surroundings);
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
      return scene.store.keep(task, row, cost);
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

  @Test
  void anAuditThatIsDeliveredAgainIsNeitherAskedNorChargedAgain() {
    List<InferenceRequest> asked = new ArrayList<>();
    Tier large =
        request -> {
          asked.add(request);
          return says("delivery", USED);
        };
    QueuedAudits audits = audits(large, scene.store, null);
    assertEquals(true, audits.make(pending("delivery")));
    assertEquals(true, audits.make(pending("delivery")));
    assertEquals(1, asked.size());
    assertEquals(1, scene.ledger.size());
    assertEquals(Money.of("3"), scene.store.spentToday("support").spent());
    assertEquals(List.of(row(true, false)), scene.store.rows("support"));
  }

  @Test
  void whatWasAskedAndCannotBeKeptGoesBackWithItsAnswerAndIsNotAskedAgain() {
    List<Audited> back = new ArrayList<>();
    QueuedAudits audits = audits(request -> says("delivery", USED), new Throttled(2), back::add);
    assertEquals(true, audits.make(pending("delivery")));
    Audited again = back.getFirst();
    assertThrows(StoreException.class, () -> audits.make(again));
    assertEquals(true, audits.make(again));
    assertEquals(1, back.size());
    assertEquals(1, scene.ledger.size());
    assertEquals(List.of(row(true, false)), scene.store.rows("support"));
  }

  @Test
  void anAuditWhoseLargeModelIsOutOfReachIsToBeDeliveredAgain() {
    Tier large = request -> new Attempt.Unavailable(Attempt.Cause.FAILED, "down", Usage.NONE);
    assertEquals(false, audits(large, scene.store, null).make(pending("delivery")));
    assertEquals(List.of(), scene.store.rows("support"));
    assertEquals(List.of(), scene.ledger);
  }
}
