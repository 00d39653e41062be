package io.tierwise.gateway.learning;

import io.tierwise.gateway.metrics.Metrics;
import io.tierwise.gateway.metrics.Metrics.AuditOutcome;
import io.tierwise.gateway.store.AuditStore;
import io.tierwise.gateway.tier.Surroundings;
import io.tierwise.router.Receipts;
import io.tierwise.router.contract.Audited;
import io.tierwise.router.contract.Audits;
import io.tierwise.router.contract.JudgedAttempt;
import io.tierwise.router.contract.Verdict;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Tariff;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.ledger.Ledger;
import io.tierwise.router.request.Answer;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.request.RequestContext;
import io.tierwise.router.tier.Attempt;
import io.tierwise.router.tier.Reference;
import io.tierwise.router.tier.References;
import io.tierwise.router.tier.Tier;
import io.tierwise.router.tier.TierName;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Completes one task's audits. A complete one is kept at once; for a pending one the large model is
 * asked off the caller's path, from a bounded queue.
 *
 * <p>While the large model is out of reach an audit waits for it, for up to ten minutes: an outage
 * says nothing about how often the tiers agree. After that, or when the queue is full, or at the
 * end of the process, its reference is missing and it is kept as such. What a crash takes from the
 * queue is gone.
 */
public final class AuditWorker implements Audits, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(AuditWorker.class.getName());
  private static final Duration BETWEEN_TRIES = Duration.ofSeconds(10);
  private static final int MOST_TRIES = 60;

  private final Setting setting;
  private final Surroundings surroundings;
  private final ThreadPoolExecutor workers;

  /**
   * What the worker works with.
   *
   * @param large the task's large tier, and what it costs
   * @param references those who learn of the answers
   * @param patience how long one try may take
   */
  public record Setting(
      String task,
      Tier large,
      Tariff tariff,
      Duration patience,
      AuditStore store,
      Ledger ledger,
      References references,
      Metrics metrics) {}

  /**
   * @param threads audits made at once
   * @param places audits that may wait
   */
  public AuditWorker(Setting setting, int threads, int places, Surroundings surroundings) {
    this.setting = setting;
    this.surroundings = surroundings;
    this.workers =
        new ThreadPoolExecutor(
            threads,
            threads,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(places),
            Thread.ofVirtual().name("audit-" + setting.task() + "-", 0).factory());
    setting.metrics().auditQueue(setting.task(), workers.getQueue()::size);
  }

  @Override
  public void submit(Audited audited) {
    switch (audited) {
      case Audited.Complete complete ->
          keep(complete, complete.reference(), AuditOutcome.COMPLETE, Money.ZERO);
      case Audited.Pending pending -> {
        try {
          workers.execute(new Audit(pending));
        } catch (RejectedExecutionException e) {
          keep(pending, null, AuditOutcome.DROPPED, Money.ZERO);
        }
      }
    }
  }

  /**
   * Makes one audit here and now, once: a second delivery of the same request changes nothing.
   *
   * @return false when the large model is out of reach, so that it is worth trying again
   */
  public boolean make(Audited.Pending pending) {
    if (setting.store().holds(setting.task(), id(pending))) {
      return true;
    }
    Attempt attempt = setting.large().attempt(withFreshDeadline(pending.request()));
    if (outOfReach(attempt) && attempt.usage().equals(Usage.NONE)) {
      return false;
    }
    settle(pending, attempt, surroundings.ticker().getAsLong());
    return true;
  }

  /** Keeps an audit that could not be handed over without its reference. */
  public void drop(Audited.Pending pending, RuntimeException trouble) {
    LOG.log(System.Logger.Level.ERROR, "audit " + id(pending) + " found no queue", trouble);
    keep(pending, null, AuditOutcome.DROPPED, Money.ZERO);
  }

  /** One pending audit. */
  private final class Audit implements Runnable {
    private final Audited.Pending pending;

    Audit(Audited.Pending pending) {
      this.pending = pending;
    }

    @Override
    public void run() {
      try {
        complete(pending);
      } catch (RuntimeException e) {
        LOG.log(System.Logger.Level.ERROR, "audit " + id(pending) + " failed", e);
        keep(pending, null, AuditOutcome.REFERENCE_MISSING, Money.ZERO);
      }
    }
  }

  private void complete(Audited.Pending pending) {
    long start = surroundings.ticker().getAsLong();
    settle(pending, ask(pending.request()), start);
  }

  private void settle(Audited.Pending pending, Attempt attempt, long start) {
    Duration latency = Duration.ofNanos(surroundings.ticker().getAsLong() - start);
    boolean usable = attempt instanceof Attempt.Proposed;
    JudgedAttempt judged =
        new JudgedAttempt(
            TierName.LARGE,
            attempt,
            usable ? Verdict.ACCEPTED : Verdict.NO_CANDIDATE,
            setting.tariff().cost(attempt.usage()),
            latency);
    setting
        .ledger()
        .record(Receipts.audit(pending.request(), judged, surroundings.clock().instant()));
    switch (attempt) {
      case Attempt.Proposed proposed -> {
        keep(pending, proposed.answer(), AuditOutcome.ASKED, judged.cost());
        setting.references().observe(new Reference(pending.request(), proposed, true));
      }
      case Attempt.Missed missed ->
          keep(pending, null, AuditOutcome.REFERENCE_MISSING, judged.cost());
      case Attempt.Unavailable unavailable ->
          keep(pending, null, AuditOutcome.REFERENCE_MISSING, judged.cost());
    }
  }

  /** Asks until there is an answer or no sense in asking again; the usage is that of all tries. */
  private Attempt ask(InferenceRequest request) {
    Usage before = Usage.NONE;
    for (int attempts = 1; ; attempts++) {
      Attempt attempt = setting.large().attempt(withFreshDeadline(request));
      Attempt total = attempt.withUsage(before.plus(attempt.usage()));
      if (!outOfReach(attempt) || attempts == MOST_TRIES || !paused()) {
        return total;
      }
      before = total.usage();
    }
  }

  private static boolean outOfReach(Attempt attempt) {
    return attempt instanceof Attempt.Unavailable unavailable
        && unavailable.cause() != Attempt.Cause.UNUSABLE_ANSWER;
  }

  private boolean paused() {
    if (workers.isShutdown()) {
      return false;
    }
    try {
      surroundings.pause().pause(BETWEEN_TRIES);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private InferenceRequest withFreshDeadline(InferenceRequest request) {
    RequestContext context = request.context();
    RequestContext fresh =
        new RequestContext(
            context.id(),
            context.tenant(),
            context.policy(),
            context.cache(),
            context.receivedAt(),
            surroundings.clock().instant().plus(setting.patience()));
    return switch (request) {
      case InferenceRequest.Classify classify ->
          new InferenceRequest.Classify(fresh, classify.task(), classify.input());
      case InferenceRequest.Chat chat ->
          new InferenceRequest.Chat(fresh, chat.task(), chat.turns());
    };
  }

  private void keep(Audited audited, @Nullable Answer reference, AuditOutcome outcome, Money cost) {
    AuditOutcome kept = outcome;
    try {
      setting.store().append(setting.task(), AuditRows.row(audited, reference));
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "audit " + id(audited) + " could not be kept", e);
      kept = AuditOutcome.LOST;
    }
    setting.metrics().audited(setting.task(), kept, cost);
  }

  private static String id(Audited audited) {
    return audited.request().context().id();
  }

  /** Takes no more audits; whether all that were taken are made. */
  public boolean finish() {
    workers.shutdown();
    return workers.isTerminated();
  }

  /** Lets the audits that wait be made, for a while; the rest are kept without a reference. */
  public void drain(Duration grace) throws InterruptedException {
    workers.shutdown();
    if (!workers.awaitTermination(grace.toNanos(), TimeUnit.NANOSECONDS)) {
      close();
    }
  }

  /** Keeps the audits that wait without a reference. */
  @Override
  public void close() {
    for (Runnable waiting : workers.shutdownNow()) {
      if (waiting instanceof Audit audit) {
        keep(audit.pending, null, AuditOutcome.REFERENCE_MISSING, Money.ZERO);
      }
    }
    workers.close();
  }
}
