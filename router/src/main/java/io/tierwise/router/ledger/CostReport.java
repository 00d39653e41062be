package io.tierwise.router.ledger;

import io.tierwise.router.contract.Verdict;
import io.tierwise.router.cost.Money;
import io.tierwise.router.tier.TierName;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Cost by any dimensions: a pure fold over ledger entries. The same entries give the same report,
 * in whatever order they come.
 */
public final class CostReport {
  private final List<Dimension> dimensions;
  private final TreeMap<List<String>, Row> rows =
      new TreeMap<>((left, right) -> {
        for (int i = 0; i < left.size(); i++) {
          int order = left.get(i).compareTo(right.get(i));
          if (order != 0) {
            return order;
          }
        }
        return 0;
      });
  private Row total = Row.EMPTY;

  /** A report to which nothing is added yet. */
  public CostReport(List<Dimension> dimensions) {
    this.dimensions = List.copyOf(dimensions);
  }

  public static CostReport of(List<Dimension> dimensions, Stream<LedgerEntry> entries) {
    CostReport report = new CostReport(dimensions);
    entries.forEachOrdered(report::add);
    return report;
  }

  /** Adds one entry. What is kept grows with the rows, never with the entries. */
  public void add(LedgerEntry entry) {
    List<String> key = dimensions.stream().map(dimension -> dimension.of(entry)).toList();
    rows.put(key, rows.getOrDefault(key, Row.EMPTY).plus(entry));
    total = total.plus(entry);
  }

  /** Adds all that another report of the same dimensions has. */
  public void add(CostReport other) {
    other.rows.forEach((key, row) -> rows.merge(key, row, Row::plus));
    total = total.plus(other.total);
  }

  public List<Dimension> dimensions() {
    return dimensions;
  }

  /** One row per combination of values, in their order. */
  public List<KeyedRow> rows() {
    return rows.entrySet().stream()
        .map(entry -> new KeyedRow(entry.getKey(), entry.getValue()))
        .toList();
  }

  public Row total() {
    return total;
  }

  /** A row and its values, one per dimension. */
  public record KeyedRow(List<String> key, Row row) {}

  /**
   * The sums over some entries.
   *
   * @param requests callers' requests, refused ones included
   * @param avoidedLarge of these, the ones answered without a call of their own to the large model
   * @param cost spent on serving, refused and degraded requests included
   * @param auditCost spent on audits
   * @param counterfactual what the large tier alone would have cost for the same requests
   * @param wouldSave in observe mode: what the candidates would have saved, had they been let
   * @param costlier requests that cost more than the large tier alone would have cost
   * @param loss by how much, over all of them; part of {@code saved} already
   */
  public record Row(
      long requests,
      long refused,
      long degraded,
      long avoidedLarge,
      long audits,
      long inputTokens,
      long outputTokens,
      Money cost,
      Money auditCost,
      Money counterfactual,
      Money wouldSave,
      long costlier,
      Money loss) {
    static final Row EMPTY =
        new Row(0, 0, 0, 0, 0, 0, 0, Money.ZERO, Money.ZERO, Money.ZERO, Money.ZERO, 0, Money.ZERO);

    Row plus(LedgerEntry entry) {
      boolean serve = entry.purpose() == LedgerEntry.Purpose.SERVE;
      boolean large =
          entry.lines().stream().anyMatch(line -> line.tier() == TierName.LARGE && !line.shared());
      boolean avoided = serve && entry.answeredBy() != null && !large;
      long input = entry.lines().stream().mapToLong(line -> line.usage().inputTokens()).sum();
      long output = entry.lines().stream().mapToLong(line -> line.usage().outputTokens()).sum();
      return new Row(
          requests + (serve ? 1 : 0),
          refused + (serve && entry.answeredBy() == null ? 1 : 0),
          degraded + (serve && entry.degraded() ? 1 : 0),
          avoidedLarge + (avoided ? 1 : 0),
          audits + (serve ? 0 : 1),
          inputTokens + input,
          outputTokens + output,
          serve ? cost.plus(entry.cost()) : cost,
          serve ? auditCost : auditCost.plus(entry.cost()),
          serve ? counterfactual.plus(entry.counterfactual()) : counterfactual,
          serve ? wouldSave.plus(wouldSave(entry)) : wouldSave,
          costlier + (serve && excess(entry).compareTo(Money.ZERO) > 0 ? 1 : 0),
          serve ? loss.plus(max(excess(entry), Money.ZERO)) : loss);
    }

    /** The sums over both. */
    public Row plus(Row other) {
      return new Row(
          requests + other.requests,
          refused + other.refused,
          degraded + other.degraded,
          avoidedLarge + other.avoidedLarge,
          audits + other.audits,
          inputTokens + other.inputTokens,
          outputTokens + other.outputTokens,
          cost.plus(other.cost),
          auditCost.plus(other.auditCost),
          counterfactual.plus(other.counterfactual),
          wouldSave.plus(other.wouldSave),
          costlier + other.costlier,
          loss.plus(other.loss));
    }

    private static Money excess(LedgerEntry entry) {
      return entry.cost().minus(entry.counterfactual());
    }

    private static Money max(Money left, Money right) {
      return left.compareTo(right) >= 0 ? left : right;
    }

    /** All that was spent: serving and audits. */
    public Money spent() {
      return cost.plus(auditCost);
    }

    /** What is kept, audits paid; negative when the cheap tiers cost more than they spared. */
    public Money saved() {
      return counterfactual.minus(cost).minus(auditCost);
    }

    /**
     * In observe mode: the cost of every attempt after the first that would have answered.
     * Elsewhere nothing is accepted after such an attempt, and nothing would have been saved.
     */
    private static Money wouldSave(LedgerEntry entry) {
      Money after = Money.ZERO;
      boolean candidate = false;
      boolean observed = false;
      for (LedgerEntry.Line line : entry.lines()) {
        if (candidate) {
          after = after.plus(line.cost());
          observed |= line.verdict() == Verdict.ACCEPTED;
        }
        candidate |= line.verdict() == Verdict.WOULD_ACCEPT;
      }
      return observed ? after : Money.ZERO;
    }
  }
}
