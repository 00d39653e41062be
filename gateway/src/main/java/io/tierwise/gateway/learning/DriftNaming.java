package io.tierwise.gateway.learning;

import io.tierwise.gateway.metrics.Metrics;
import io.tierwise.gateway.store.DriftStore;
import io.tierwise.gateway.store.NamedDrift;
import io.tierwise.gateway.store.StoreException;
import io.tierwise.router.request.Task;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Listens for one task's drifts and says aloud what they are called. It shuts nothing: that the
 * contract is broken, {@link ContractWatch} finds by itself.
 */
public final class DriftNaming {
  private static final System.Logger LOG = System.getLogger(DriftNaming.class.getName());

  /** A round that is not due costs a look into the store. */
  private static final Duration BETWEEN_TURNS = Duration.ofMinutes(1);

  private final Task.Classification task;
  private final DriftStore drifts;
  private final @Nullable Probing probing;
  private final Clock clock;
  private final Metrics metrics;
  private final AtomicBoolean asking = new AtomicBoolean();
  private volatile Instant nextTurn = Instant.MIN;

  /**
   * @param probing null where no texts are pinned
   */
  public DriftNaming(
      Task.Classification task,
      DriftStore drifts,
      @Nullable Probing probing,
      Clock clock,
      Metrics metrics) {
    this.task = task;
    this.drifts = drifts;
    this.probing = probing;
    this.clock = clock;
    this.metrics = metrics;
    metrics.showDrifts(task.name());
  }

  /**
   * Folds in the audits made since the last look, and begins a round of probes where one is due.
   *
   * @param live the live student's version
   */
  public void look(Optional<String> live) {
    drifts.look(task.name(), task.labels(), live.orElse(null)).forEach(this::name);
    if (probing != null
        && !clock.instant().isBefore(nextTurn)
        && asking.compareAndSet(false, true)) {
      nextTurn = clock.instant().plus(BETWEEN_TURNS);
      Thread.ofVirtual().name("probes-" + task.name()).start(() -> turn(probing));
    }
  }

  private void turn(Probing due) {
    try {
      due.turn().ifPresent(this::name);
    } catch (StoreException e) {
      LOG.log(System.Logger.Level.WARNING, "the pinned texts of " + task.name() + " wait", e);
    } finally {
      asking.set(false);
    }
  }

  private void name(NamedDrift drift) {
    metrics.drifted(drift.task(), drift.kind());
    LOG.log(
        System.Logger.Level.WARNING,
        "DRIFT of " + drift.task() + ": " + drift.kind().text() + ": " + drift.detail());
  }
}
