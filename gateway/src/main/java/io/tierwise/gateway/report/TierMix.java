package io.tierwise.gateway.report;

import io.tierwise.router.ledger.CostReport;
import io.tierwise.router.tier.TierName;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Which tier answered how many requests on each day; tiers without any are left out. */
record TierMix(List<String> days, List<Chart.Series> series) {
  static TierMix of(List<CostReport.KeyedRow> rows) {
    TreeSet<String> days = new TreeSet<>();
    Map<List<String>, Long> requests = new HashMap<>();
    for (CostReport.KeyedRow row : rows) {
      days.add(row.key().getFirst());
      requests.merge(row.key(), row.row().requests(), Long::sum);
    }
    List<String> tiers =
        new ArrayList<>(Arrays.stream(TierName.values()).map(TierName::text).toList());
    tiers.add("refused");
    List<Chart.Series> series = new ArrayList<>();
    for (String tier : tiers) {
      List<BigDecimal> values =
          days.stream()
              .map(day -> BigDecimal.valueOf(requests.getOrDefault(List.of(day, tier), 0L)))
              .toList();
      if (values.stream().anyMatch(value -> value.signum() > 0)) {
        series.add(new Chart.Series(tier, tier, values));
      }
    }
    return new TierMix(List.copyOf(days), series);
  }
}
