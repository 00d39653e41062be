package io.tierwise.gateway;

import io.tierwise.gateway.config.TierwiseConfig;
import io.tierwise.gateway.config.TierwiseConfig.TaskConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What is different between two configurations, for people. */
final class ConfigChanges {
  private ConfigChanges() {}

  /** As in {@code task support changed, upstream gpu new}. */
  static String between(TierwiseConfig before, TierwiseConfig next) {
    List<String> changes = new ArrayList<>();
    add("task", tasks(before), tasks(next), changes);
    add("upstream", before.upstreams(), next.upstreams(), changes);
    if (!before.budgets().equals(next.budgets())) {
      changes.add("budgets changed");
    }
    if (!before.ledger().equals(next.ledger())) {
      changes.add("ledger changed");
    }
    if (changes.isEmpty() || !before.prices().equals(next.prices())) {
      changes.add("prices changed");
    }
    return String.join(", ", changes);
  }

  private static void add(
      String what, Map<String, ?> before, Map<String, ?> next, List<String> changes) {
    before.keySet().stream()
        .filter(name -> !next.containsKey(name))
        .forEach(name -> changes.add(what + " " + name + " gone"));
    next.forEach((name, value) -> {
      if (!before.containsKey(name)) {
        changes.add(what + " " + name + " new");
      } else if (!Objects.equals(before.get(name), value)) {
        changes.add(what + " " + name + " changed");
      }
    });
  }

  private static Map<String, TaskConfig> tasks(TierwiseConfig config) {
    Map<String, TaskConfig> tasks = new LinkedHashMap<>();
    config.tasks().forEach(task -> tasks.put(task.name(), task));
    return tasks;
  }
}
