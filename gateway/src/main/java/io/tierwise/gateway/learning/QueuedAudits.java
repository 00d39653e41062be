package io.tierwise.gateway.learning;

import io.tierwise.gateway.metrics.Metrics.AuditOutcome;
import io.tierwise.gateway.store.StoreException;
import io.tierwise.gateway.tier.Surroundings;
import io.tierwise.router.contract.Audited;
import io.tierwise.router.contract.JudgedAttempt;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.request.Answer;
import io.tierwise.router.tier.Attempt;
import io.tierwise.router.tier.Reference;
import org.jspecify.annotations.Nullable;

/**
 * Makes one task's audits that another process has drawn and a queue delivers, one at a time. The
 * queue is what waits and tries again; it may deliver an audit more than once.
 */
public final class QueuedAudits {
  private final AuditSetting setting;
  private final @Nullable AuditQueue queue;
  private final Surroundings surroundings;
  private final AuditCalls calls;
  private final String task;

  /**
   * @param queue where audits go back to that could not be kept; null for none
   */
  public QueuedAudits(AuditSetting setting, @Nullable AuditQueue queue, Surroundings surroundings) {
    this.setting = setting;
    this.queue = queue;
    this.surroundings = surroundings;
    this.calls = new AuditCalls(setting, surroundings);
    this.task = setting.task().name();
  }

  /**
   * Makes one audit here and now, once: a second delivery of the same request changes nothing.
   *
   * @return false when the large model is out of reach, so that it is worth trying again
   * @throws StoreException when it could not be kept, which is worth trying again as well
   */
  public boolean make(Audited audited) {
    if (setting.log().holds(task, audited.request().context().id())) {
      return true;
    }
    return switch (audited) {
      case Audited.Complete complete -> {
        if (keep(complete, complete.reference(), AuditOutcome.COMPLETE, Money.ZERO)
            && calls.repeated()) {
          calls.repeat(complete.request(), complete.reference());
        }
        yield true;
      }
      case Audited.Pending pending -> asked(pending);
    };
  }

  private boolean asked(Audited.Pending pending) {
    long start = surroundings.ticker().getAsLong();
    Attempt attempt = calls.ask(pending.request());
    if (AuditCalls.outOfReach(attempt) && attempt.usage().equals(Usage.NONE)) {
      return false;
    }
    JudgedAttempt judged = calls.record(pending.request(), attempt, start);
    Answer reference = attempt instanceof Attempt.Proposed proposed ? proposed.answer() : null;
    AuditOutcome outcome = reference == null ? AuditOutcome.REFERENCE_MISSING : AuditOutcome.ASKED;
    try {
      if (keep(pending, reference, outcome, judged.cost())
          && attempt instanceof Attempt.Proposed proposed) {
        setting.references().observe(new Reference(pending.request(), proposed, true));
        if (calls.repeated()) {
          calls.repeat(pending.request(), proposed.answer());
        }
      }
    } catch (StoreException e) {
      requeue(pending, reference, e);
    }
    return true;
  }

  /** What was asked is paid: the answer goes back to the queue, so that only keeping is to do. */
  private void requeue(Audited.Pending pending, @Nullable Answer reference, StoreException e) {
    if (reference == null || queue == null) {
      throw e;
    }
    queue.enqueue(
        new Audited.Complete(pending.request(), pending.gate(), pending.attempts(), reference));
  }

  private boolean keep(
      Audited audited, @Nullable Answer reference, AuditOutcome outcome, Money cost) {
    boolean first = setting.log().keep(task, AuditRows.row(audited, reference), cost);
    if (first) {
      setting.metrics().audited(task, outcome, cost);
    }
    return first;
  }
}
