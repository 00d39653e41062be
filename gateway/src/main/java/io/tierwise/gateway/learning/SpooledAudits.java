package io.tierwise.gateway.learning;

import io.tierwise.gateway.metrics.AuditOutcome;
import io.tierwise.gateway.store.AuditSpending;
import io.tierwise.gateway.store.AuditSpool;
import io.tierwise.gateway.store.StoreException;
import io.tierwise.gateway.tier.Surroundings;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.contract.AuditCap;
import io.tierwise.router.contract.Audited;
import io.tierwise.router.contract.Audits;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.request.Answer;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.tier.Attempt;
import io.tierwise.router.tier.Reference;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Completes the audits of one task that this process draws. A complete one is kept at once; a
 * pending one goes to the spool, and the large model is asked off the caller's path.
 *
 * <p>While the large model is out of reach an audit waits for it, for up to ten minutes: an outage
 * says nothing about how often the tiers agree. After that, or when too many wait, its reference is
 * missing and it is kept as such. What waits when the process ends, in whatever way, is made after
 * the next start: each audit is kept once, whatever was begun before.
 */
public final class SpooledAudits implements Audits, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(SpooledAudits.class.getName());
  private static final Duration BETWEEN_TRIES = Duration.ofSeconds(10);
  private static final int MOST_TRIES = 60;

  private final AuditSetting setting;
  private final AuditSpool spool;
  private final @Nullable AuditCap cap;
  private final Surroundings surroundings;
  private final AuditCalls calls;
  private final ThreadPoolExecutor workers;
  private final String task;
  private volatile AuditSpending today;
  private volatile boolean ending;

  /**
   * @param spool where pending audits wait
   * @param cap what they may cost in a day; null for no limit
   * @param threads audits made at once
   * @param places audits that may wait
   */
  public SpooledAudits(
      AuditSetting setting,
      AuditSpool spool,
      @Nullable AuditCap cap,
      int threads,
      int places,
      Surroundings surroundings) {
    this.setting = setting;
    this.spool = spool;
    this.cap = cap;
    this.surroundings = surroundings;
    this.calls = new AuditCalls(setting, surroundings);
    this.task = setting.task().name();
    this.today =
        AuditSpending.none(LocalDate.ofInstant(surroundings.clock().instant(), ZoneOffset.UTC));
    learnSpending();
    this.workers =
        new ThreadPoolExecutor(
            threads,
            threads,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(places),
            Thread.ofVirtual().name("audit-" + task + "-", 0).factory());
    setting.metrics().auditQueue(task, workers.getQueue()::size);
    spool.claim(task).forEach(id -> enqueue(new Audit(id, null)));
  }

  /** Learns what other processes' audits have cost, where that is limited. */
  public void refresh() {
    if (cap != null) {
      learnSpending();
    }
  }

  /** A store that cannot be read now is read again after the next audit that costs. */
  private void learnSpending() {
    try {
      today = setting.log().spentToday(task);
    } catch (StoreException e) {
      LOG.log(System.Logger.Level.WARNING, "the audits' spending of " + task + " is unread", e);
    }
  }

  @Override
  public void submit(Audited audited) {
    switch (audited) {
      case Audited.Complete complete -> {
        if (keep(complete, complete.reference(), AuditOutcome.COMPLETE, Money.ZERO)
            && calls.repeated()) {
          enqueueRepeat(complete);
        }
      }
      case Audited.Pending pending -> {
        if (!enqueue(new Audit(id(pending), spooled(pending) ? null : pending))) {
          keep(pending, null, AuditOutcome.DROPPED, Money.ZERO);
        }
      }
    }
  }

  /** Not spooled: one measurement less is no harm. */
  private void enqueueRepeat(Audited.Complete complete) {
    try {
      workers.execute(() -> repeat(complete.request(), complete.reference()));
    } catch (RejectedExecutionException e) {
      LOG.log(System.Logger.Level.DEBUG, "no room to ask twice for " + id(complete), e);
    }
  }

  private void repeat(InferenceRequest request, Answer before) {
    calls.repeat(request, before);
    learnSpending();
  }

  /** Whether it is safe in the spool; where that cannot be written, memory has to do. */
  private boolean spooled(Audited.Pending pending) {
    try {
      spool.add(
          task, id(pending), pending.request().context().tenant(), AuditMessage.encode(pending));
      return true;
    } catch (StoreException e) {
      LOG.log(System.Logger.Level.ERROR, "audit " + id(pending) + " could not be spooled", e);
      return false;
    }
  }

  private boolean enqueue(Audit audit) {
    try {
      workers.execute(audit);
      return true;
    } catch (RejectedExecutionException e) {
      spool.release(task, audit.id);
      return false;
    }
  }

  /**
   * The share of the coin's open rate that the cap leaves now, in [0, 1]. What is drawn and not yet
   * charged counts at what an audit has cost today on average.
   */
  public double affordable() {
    if (cap == null) {
      return 1;
    }
    AuditSpending known = today;
    boolean fresh =
        known.day().equals(LocalDate.ofInstant(surroundings.clock().instant(), ZoneOffset.UTC));
    if (!fresh || known.audits() == 0) {
      return cap.share(Money.ZERO);
    }
    Money each = known.spent().share(BigDecimal.valueOf(known.audits()));
    long outstanding = workers.getQueue().size() + (long) workers.getActiveCount();
    return cap.share(known.spent().plus(each.times(outstanding)));
  }

  /** Keeps an audit that could not be handed over, a pending one without its reference. */
  public void keepUnqueued(Audited audited, RuntimeException trouble) {
    LOG.log(System.Logger.Level.ERROR, "audit " + id(audited) + " found no queue", trouble);
    switch (audited) {
      case Audited.Complete complete ->
          keep(complete, complete.reference(), AuditOutcome.COMPLETE, Money.ZERO);
      case Audited.Pending pending -> keep(pending, null, AuditOutcome.DROPPED, Money.ZERO);
    }
  }

  /** One pending audit; held in memory where it is not in the spool. */
  private final class Audit implements Runnable {
    private final String id;
    private final Audited.@Nullable Pending unspooled;

    Audit(String id, Audited.@Nullable Pending unspooled) {
      this.id = id;
      this.unspooled = unspooled;
    }

    @Override
    public void run() {
      try {
        Audited.Pending pending = unspooled != null ? unspooled : read();
        if (pending != null) {
          complete(pending);
        }
      } catch (StoreException | InvalidValueException e) {
        LOG.log(System.Logger.Level.ERROR, "audit " + id + " waits for the next start", e);
      } finally {
        spool.release(task, id);
      }
    }

    /** Null when there is no such audit any more: it was made before a crash, or erased. */
    private Audited.@Nullable Pending read() {
      return spool
          .message(task, id)
          .map(message -> AuditMessage.pending(message, name -> setting.task()))
          .orElse(null);
    }
  }

  private void complete(Audited.Pending pending) {
    try {
      long start = surroundings.ticker().getAsLong();
      Attempt attempt = ask(pending.request());
      if (ending && AuditCalls.outOfReach(attempt)) {
        postpone(pending, attempt, start);
      } else {
        settle(pending, attempt, start);
      }
    } catch (StoreException e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "audit " + id(pending) + " failed", e);
      keep(pending, null, AuditOutcome.REFERENCE_MISSING, Money.ZERO);
    }
  }

  /** Interrupted at the end of the process: what was used is paid, the audit stays in the spool. */
  private void postpone(Audited.Pending pending, Attempt attempt, long start) {
    if (!attempt.usage().equals(Usage.NONE)) {
      setting.log().charge(task, calls.record(pending.request(), attempt, start));
    }
  }

  private void settle(Audited.Pending pending, Attempt attempt, long start) {
    Money cost = calls.record(pending.request(), attempt, start);
    switch (attempt) {
      case Attempt.Proposed proposed -> {
        if (keep(pending, proposed.answer(), AuditOutcome.ASKED, cost)) {
          setting.references().observe(new Reference(pending.request(), proposed, true));
          if (calls.repeated()) {
            repeat(pending.request(), proposed.answer());
          }
        }
      }
      case Attempt.Missed missed -> keep(pending, null, AuditOutcome.REFERENCE_MISSING, cost);
      case Attempt.Unavailable unavailable ->
          keep(pending, null, AuditOutcome.REFERENCE_MISSING, cost);
    }
  }

  /** Asks until there is an answer or no sense in asking again; the usage is that of all tries. */
  private Attempt ask(InferenceRequest request) {
    Usage before = Usage.NONE;
    for (int attempts = 1; ; attempts++) {
      Attempt attempt = calls.ask(request);
      Attempt total = attempt.withUsage(before.plus(attempt.usage()));
      if (!AuditCalls.outOfReach(attempt) || attempts == MOST_TRIES || !paused()) {
        return total;
      }
      before = total.usage();
    }
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

  /**
   * @return whether this was the request's first audit to be kept
   */
  private boolean keep(
      Audited audited, @Nullable Answer reference, AuditOutcome outcome, Money cost) {
    AuditOutcome kept = outcome;
    boolean first = true;
    try {
      first = setting.log().keep(task, AuditRows.row(audited, reference), cost);
      if (cost.compareTo(Money.ZERO) > 0) {
        today = setting.log().spentToday(task);
      }
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "audit " + id(audited) + " could not be kept", e);
      kept = AuditOutcome.LOST;
    }
    if (first) {
      setting.metrics().audited(task, kept, cost);
    }
    return first;
  }

  private static String id(Audited audited) {
    return audited.request().context().id();
  }

  /** Takes no more audits; whether all that were taken are made. */
  public boolean finish() {
    workers.shutdown();
    return workers.isTerminated();
  }

  /** Lets the audits that wait be made, for a while; the rest wait for the next start. */
  public void drain(Duration grace) throws InterruptedException {
    workers.shutdown();
    if (!workers.awaitTermination(grace.toNanos(), TimeUnit.NANOSECONDS)) {
      close();
    }
  }

  /** Leaves the audits that wait in the spool; those in memory alone lack their reference. */
  @Override
  public void close() {
    ending = true;
    for (Runnable waiting : workers.shutdownNow()) {
      if (waiting instanceof Audit audit) {
        spool.release(task, audit.id);
        if (audit.unspooled != null) {
          keep(audit.unspooled, null, AuditOutcome.REFERENCE_MISSING, Money.ZERO);
        }
      }
    }
    workers.close();
  }
}
