package io.tierwise.router.ledger;

import io.tierwise.router.cost.Money;
import java.io.Serial;
import java.io.Serializable;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Cost by any dimensions: a pure fold over ledger entries. The same entries give the same report,
 * in whatever order they come, and in however many parts.
 */
@SuppressWarnings("serial") // its lists and maps are serializable ones
public final class CostReport implements Serializable {
  @Serial private static final long serialVersionUID = 1;

  private static final Comparator<List<String>> IN_ORDER =
      (left, right) -> {
        for (int i = 0; i < left.size(); i++) {
          int order = left.get(i).compareTo(right.get(i));
          if (order != 0) {
            return order;
          }
        }
        return 0;
      };

  private final List<Dimension> dimensions;
  private final Map<List<String>, CostSums> rows = new HashMap<>();

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
    sums(key(entry)).add(entry);
  }

  /** An entry's values, one per dimension. */
  public List<String> key(LedgerEntry entry) {
    String[] values = new String[dimensions.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = dimensions.get(i).of(entry);
    }
    return List.of(values);
  }

  /** Adds all that another report of the same dimensions has. */
  public void add(CostReport other) {
    other.rows.forEach((key, row) -> sums(key).add(row));
  }

  private CostSums sums(List<String> key) {
    CostSums known = rows.get(key);
    if (known != null) {
      return known;
    }
    CostSums fresh = new CostSums();
    rows.put(key, fresh);
    return fresh;
  }

  public List<Dimension> dimensions() {
    return dimensions;
  }

  /** One row per combination of values, in their order. */
  public List<KeyedRow> rows() {
    return rows.entrySet().stream()
        .sorted(Map.Entry.comparingByKey(IN_ORDER))
        .map(entry -> new KeyedRow(entry.getKey(), entry.getValue().row()))
        .toList();
  }

  public Row total() {
    CostSums total = new CostSums();
    rows.values().forEach(total::add);
    return total.row();
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
   * @param lostCalls calls for audits whose answers were lost, which may have been charged
   * @param lostCost what they have cost at most, by estimate; part of {@code auditCost} already
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
      Money loss,
      long lostCalls,
      Money lostCost) {
    static final Row EMPTY = new CostSums().row();

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
          loss.plus(other.loss),
          lostCalls + other.lostCalls,
          lostCost.plus(other.lostCost));
    }

    /** All that was spent: serving and audits. */
    public Money spent() {
      return cost.plus(auditCost);
    }

    /** What is kept, audits paid; negative when the cheap tiers cost more than they spared. */
    public Money saved() {
      return counterfactual.minus(cost).minus(auditCost);
    }
  }
}
