package io.tierwise.router.ledger;

import io.tierwise.router.contract.Verdict;
import io.tierwise.router.cost.Money;
import io.tierwise.router.tier.TierName;
import java.io.Serial;
import java.io.Serializable;
import java.math.BigDecimal;

/**
 * Sums under way. They change in place, for a ledger has millions of entries; sums of decimals are
 * exact, so neither the order nor the parts in which they are made show in them.
 */
final class CostSums implements Serializable {
  @Serial private static final long serialVersionUID = 1;

  private long requests;
  private long refused;
  private long degraded;
  private long avoidedLarge;
  private long audits;
  private long inputTokens;
  private long outputTokens;
  private BigDecimal cost = BigDecimal.ZERO;
  private BigDecimal auditCost = BigDecimal.ZERO;
  private BigDecimal counterfactual = BigDecimal.ZERO;
  private BigDecimal wouldSave = BigDecimal.ZERO;
  private long costlier;
  private BigDecimal loss = BigDecimal.ZERO;
  private long lostCalls;
  private BigDecimal lostCost = BigDecimal.ZERO;

  void add(LedgerEntry entry) {
    boolean large = false;
    for (LedgerEntry.Line line : entry.lines()) {
      large |= line.tier() == TierName.LARGE && !line.shared();
      inputTokens += line.usage().inputTokens();
      outputTokens += line.usage().outputTokens();
    }
    switch (entry.purpose()) {
      case AUDIT -> audit(entry);
      case SERVE -> serve(entry, large);
    }
  }

  private void audit(LedgerEntry entry) {
    BigDecimal spent = entry.cost().usd();
    auditCost = auditCost.add(spent);
    if (LedgerEntry.ANSWER_LOST.equals(entry.refusal())) {
      lostCalls += entry.lines().size();
      lostCost = lostCost.add(spent);
    } else {
      audits++;
    }
  }

  private void serve(LedgerEntry entry, boolean large) {
    requests++;
    if (entry.answeredBy() == null) {
      refused++;
    } else if (!large) {
      avoidedLarge++;
    }
    if (entry.degraded()) {
      degraded++;
    }
    BigDecimal spent = entry.cost().usd();
    BigDecimal alone = entry.counterfactual().usd();
    cost = cost.add(spent);
    counterfactual = counterfactual.add(alone);
    if (spent.compareTo(alone) > 0) {
      costlier++;
      loss = loss.add(spent).subtract(alone);
    }
    addWouldSave(entry);
  }

  /**
   * In observe mode: the cost of every attempt after the first that would have answered. Elsewhere
   * nothing is accepted after such an attempt, and nothing would have been saved.
   */
  private void addWouldSave(LedgerEntry entry) {
    BigDecimal after = BigDecimal.ZERO;
    boolean candidate = false;
    boolean observed = false;
    for (LedgerEntry.Line line : entry.lines()) {
      if (candidate) {
        after = after.add(line.cost().usd());
        observed |= line.verdict() == Verdict.ACCEPTED;
      }
      candidate |= line.verdict() == Verdict.WOULD_ACCEPT;
    }
    if (observed) {
      wouldSave = wouldSave.add(after);
    }
  }

  void add(CostSums other) {
    requests += other.requests;
    refused += other.refused;
    degraded += other.degraded;
    avoidedLarge += other.avoidedLarge;
    audits += other.audits;
    inputTokens += other.inputTokens;
    outputTokens += other.outputTokens;
    cost = cost.add(other.cost);
    auditCost = auditCost.add(other.auditCost);
    counterfactual = counterfactual.add(other.counterfactual);
    wouldSave = wouldSave.add(other.wouldSave);
    costlier += other.costlier;
    loss = loss.add(other.loss);
    lostCalls += other.lostCalls;
    lostCost = lostCost.add(other.lostCost);
  }

  CostReport.Row row() {
    return new CostReport.Row(
        requests,
        refused,
        degraded,
        avoidedLarge,
        audits,
        inputTokens,
        outputTokens,
        new Money(cost),
        new Money(auditCost),
        new Money(counterfactual),
        new Money(wouldSave),
        costlier,
        new Money(loss),
        lostCalls,
        new Money(lostCost));
  }
}
