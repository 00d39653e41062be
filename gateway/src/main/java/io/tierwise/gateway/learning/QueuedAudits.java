package io.tierwise.gateway.learning;

import io.tierwise.gateway.ledger.EntryLine;
import io.tierwise.gateway.metrics.AuditOutcome;
import io.tierwise.gateway.store.AuditClaims;
import io.tierwise.gateway.store.AuditClaims.Claim;
import io.tierwise.gateway.store.StoreException;
import io.tierwise.gateway.tier.Surroundings;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.Audited;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.request.Answer;
import io.tierwise.router.request.Distribution;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Task;
import io.tierwise.router.tier.Attempt;
import io.tierwise.router.tier.Reference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes one task's audits that another process has drawn and a queue delivers, one at a time. The
 * queue is what waits and tries again; it may deliver an audit more than once.
 *
 * <p>The large model is asked under a claim, and what it answers is kept before anything else is
 * done, so that whoever comes after this process's end asks no second time. What nobody can know is
 * what came of a call whose maker ended before that: it is asked again, and the ledger says that
 * the first call may have been charged as well.
 */
public final class QueuedAudits {
  /** Longer than a function runs, and shorter than the queue waits before it delivers again. */
  public static final Duration LEASE = Duration.ofMinutes(5);

  private static final System.Logger LOG = System.getLogger(QueuedAudits.class.getName());

  private final AuditSetting setting;
  private final AuditClaims claims;
  private final @Nullable AuditQueue queue;
  private final Surroundings surroundings;
  private final AuditCalls calls;
  private final String task;

  /**
   * @param claims who asks the large model
   * @param queue where audits go back to that could not be kept; null for none
   */
  public QueuedAudits(
      AuditSetting setting,
      AuditClaims claims,
      @Nullable AuditQueue queue,
      Surroundings surroundings) {
    this.setting = setting;
    this.claims = claims;
    this.queue = queue;
    this.surroundings = surroundings;
    this.calls = new AuditCalls(setting, surroundings);
    this.task = setting.task().name();
  }

  /** What is audited. */
  public Task.Classification task() {
    return setting.task();
  }

  /** How long one may take, besides what its stores do. */
  public Duration patience() {
    return setting.referee().patience();
  }

  /**
   * Makes one audit here and now, once: a second delivery of the same request changes nothing.
   *
   * @return false when the large model is out of reach or another is asking it, so that it is worth
   *     trying again
   * @throws StoreException when it could not be kept, which is worth trying again as well
   */
  public boolean make(Audited audited) {
    return switch (audited) {
      case Audited.Complete complete -> complete(complete);
      case Audited.Pending pending -> pending(pending);
    };
  }

  private boolean complete(Audited.Complete complete) {
    if (!setting.log().holds(task, id(complete))
        && keep(complete, complete.reference(), AuditOutcome.COMPLETE, Money.ZERO)
        && calls.repeated()) {
      calls.repeat(complete.request(), complete.reference());
    }
    return true;
  }

  private boolean pending(Audited.Pending pending) {
    return switch (claims.claim(task, id(pending), LEASE)) {
      case Claim.Kept kept -> true;
      case Claim.Elsewhere elsewhere -> false;
      case Claim.Granted granted -> ask(pending, granted.lost());
      case Claim.Made made -> {
        List<LedgerEntry> receipts = receipts(made.answer());
        settle(pending, proposed(made.answer(), receipts.getFirst()), receipts);
        yield true;
      }
    };
  }

  private boolean ask(Audited.Pending pending, int lost) {
    long start = surroundings.ticker().getAsLong();
    Attempt attempt = calls.ask(pending.request());
    if (AuditCalls.outOfReach(attempt)) {
      postpone(pending, attempt, start);
      return false;
    }
    List<LedgerEntry> receipts = new ArrayList<>();
    LedgerEntry entry = calls.entry(pending.request(), attempt, start);
    receipts.add(entry);
    if (lost > 0) {
      receipts.add(entry.lostBefore(lost));
    }
    Attempt.Proposed proposed = attempt instanceof Attempt.Proposed p ? p : null;
    try {
      claims.answered(task, id(pending), answered(proposed, receipts));
    } catch (StoreException e) {
      receipts.forEach(setting.ledger()::record);
      requeue(pending, proposed, e);
      return true;
    }
    settle(pending, proposed, receipts);
    return true;
  }

  /** What was used on the way is paid; all else waits until the queue delivers it again. */
  private void postpone(Audited.Pending pending, Attempt attempt, long start) {
    boolean used = !attempt.usage().equals(Usage.NONE);
    Money cost = used ? calls.record(pending.request(), attempt, start) : Money.ZERO;
    release(pending);
    if (used) {
      setting.log().charge(task, cost);
    }
  }

  /** A claim that cannot be given up now ends by itself, and shows a call that was none. */
  private void release(Audited.Pending pending) {
    try {
      claims.release(task, id(pending));
    } catch (StoreException e) {
      LOG.log(System.Logger.Level.WARNING, "the claim of " + id(pending) + " stays", e);
    }
  }

  /** What was asked is paid: the answer goes back to the queue, so that only keeping is to do. */
  private void requeue(
      Audited.Pending pending, Attempt.@Nullable Proposed proposed, StoreException e) {
    if (proposed == null || queue == null) {
      throw e;
    }
    queue.enqueue(
        new Audited.Complete(
            pending.request(), pending.gate(), pending.attempts(), proposed.answer()));
  }

  /** All that is left to do once the answer is safe; what was done of it before counts once. */
  private void settle(
      Audited.Pending pending, Attempt.@Nullable Proposed proposed, List<LedgerEntry> receipts) {
    receipts.forEach(setting.ledger()::record);
    Money cost = receipts.stream().map(LedgerEntry::cost).reduce(Money.ZERO, Money::plus);
    if (proposed == null) {
      keep(pending, null, AuditOutcome.REFERENCE_MISSING, cost);
    } else if (keep(pending, proposed.answer(), AuditOutcome.ASKED, cost)) {
      setting.references().observe(new Reference(pending.request(), proposed, true));
      if (calls.repeated()) {
        calls.repeat(pending.request(), proposed.answer());
      }
    }
  }

  private boolean keep(
      Audited audited, @Nullable Answer reference, AuditOutcome outcome, Money cost) {
    boolean first = setting.log().keep(task, AuditRows.row(audited, reference), cost);
    if (first) {
      setting.metrics().audited(task, outcome, cost);
    }
    return first;
  }

  private static AuditClaims.Answered answered(
      Attempt.@Nullable Proposed proposed, List<LedgerEntry> receipts) {
    String reference =
        proposed != null && proposed.answer() instanceof Answer.Classified classified
            ? classified.label().value()
            : null;
    return new AuditClaims.Answered(
        reference, receipts.stream().map(EntryLine::encode).collect(Collectors.joining("\n")));
  }

  private static List<LedgerEntry> receipts(AuditClaims.Answered answer) {
    return answer.receipts().lines().map(EntryLine::decode).flatMap(Optional::stream).toList();
  }

  /** What the large model said, as far as it was kept: its label. */
  private static Attempt.@Nullable Proposed proposed(
      AuditClaims.Answered answer, LedgerEntry entry) {
    String version = entry.version();
    if (answer.reference() == null || version == null) {
      return null;
    }
    Label label = new Label(answer.reference());
    LedgerEntry.Line line = entry.lines().getFirst();
    return new Attempt.Proposed(
        new Answer.Classified(label, Distribution.certain(label)),
        Confidence.FULL,
        line.usage(),
        version);
  }

  private static String id(Audited audited) {
    return audited.request().context().id();
  }
}
