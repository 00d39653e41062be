package io.tierwise.gateway.config;

import io.tierwise.gateway.config.TierwiseConfig.BudgetConfig;
import io.tierwise.router.cost.Limit;
import io.tierwise.router.cost.Measure;
import io.tierwise.router.cost.Period;
import io.tierwise.router.cost.Scope;
import io.tierwise.router.request.Tenant;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** Reads the groups {@code teams} and {@code budgets}. */
final class BudgetReader {
  private static final Scope PLACEHOLDER = new Scope.OfTenant(new Tenant("name"));
  private static final long MOST = 1_000_000_000_000L;

  private final Map<String, Scope.OfTeam> teams = new LinkedHashMap<>();
  private final List<String> tasks;

  /**
   * @param tasks the names of tasks and chats
   */
  BudgetReader(List<String> tasks) {
    this.tasks = List.copyOf(tasks);
  }

  List<BudgetConfig> read(Section root) {
    Map<String, Integer> teamLines = new HashMap<>();
    for (Section section : root.sections("teams")) {
      team(section);
      section
          .written("name")
          .ifPresent(name -> refuseSecond(section, "name", name, name, teamLines));
    }
    List<BudgetConfig> budgets = new ArrayList<>();
    Map<String, Integer> lines = new HashMap<>();
    for (Section section : root.sections("budgets")) {
      Optional<Scope> scope = scope(section);
      budgets.add(new BudgetConfig(limits(section, scope.orElse(PLACEHOLDER))));
      section.refuseOtherKeys();
      scope.ifPresent(known -> {
        String key = known.text().substring(0, known.text().indexOf(' '));
        String name = known.text().substring(key.length() + 1);
        refuseSecond(section, key, name, known.text(), lines);
      });
    }
    return budgets;
  }

  private void team(Section section) {
    String name = section.required("name", Kind.NAME);
    SortedSet<String> tenants = new TreeSet<>();
    section.values("tenants", Kind.NAME).forEach(item -> tenants.add(item.value()));
    if (tenants.isEmpty()) {
      section.report("tenants", "there is none", "name at least one tenant");
    }
    section.refuseOtherKeys();
    teams.putIfAbsent(name, new Scope.OfTeam(name, tenants));
  }

  private Optional<Scope> scope(Section section) {
    Optional<Scope> tenant =
        section.optional("tenant", Kind.NAME).map(name -> new Scope.OfTenant(new Tenant(name)));
    Optional<Scope> team = section.optional("team", Kind.NAME).flatMap(name -> team(section, name));
    Optional<Scope> task = section.optional("task", Kind.NAME).flatMap(name -> task(section, name));
    List<String> given = List.of("tenant", "team", "task").stream().filter(section::has).toList();
    if (given.size() != 1) {
      section.report(
          "tenant",
          given.isEmpty() ? "it says of nobody whose it is" : "it has " + given + " at once",
          "give one of tenant, team and task");
      return Optional.empty();
    }
    return tenant.or(() -> team).or(() -> task);
  }

  private Optional<Scope> team(Section section, String name) {
    if (!teams.containsKey(name)) {
      section.report(
          "team", "there is no team '" + name + "'", "use one of teams: " + teams.keySet());
    }
    return Optional.ofNullable(teams.get(name));
  }

  private Optional<Scope> task(Section section, String name) {
    if (!tasks.contains(name)) {
      section.report("task", "there is no task '" + name + "'", "use one of tasks: " + tasks);
    }
    return Optional.of(new Scope.OfTask(name));
  }

  private static List<Limit> limits(Section section, Scope scope) {
    List<Limit> limits = new ArrayList<>();
    BigDecimal soft = section.value("soft", Kind.SHARE_OF_LIMIT, "1");
    section
        .optional("daily", Kind.AMOUNT)
        .ifPresent(amount ->
            limits.add(new Limit(scope, Measure.DOLLARS, Period.DAY, amount.usd(), soft)));
    section
        .optional("monthly", Kind.AMOUNT)
        .ifPresent(amount ->
            limits.add(new Limit(scope, Measure.DOLLARS, Period.MONTH, amount.usd(), soft)));
    perMinute(section, "requestsPerMinute", scope, Measure.REQUESTS).ifPresent(limits::add);
    perMinute(section, "tokensPerMinute", scope, Measure.TOKENS).ifPresent(limits::add);
    if (limits.isEmpty()
        && !List.of("daily", "monthly", "requestsPerMinute", "tokensPerMinute").stream()
            .anyMatch(section::has)) {
      section.report(
          "daily",
          "it limits nothing",
          "give at least one of daily, monthly, requestsPerMinute and tokensPerMinute");
    }
    return limits;
  }

  private static Optional<Limit> perMinute(
      Section section, String key, Scope scope, Measure measure) {
    return section
        .optional(key, Kind.wholeLong(0, MOST))
        .map(count ->
            new Limit(scope, measure, Period.MINUTE, BigDecimal.valueOf(count), BigDecimal.ONE));
  }

  private static void refuseSecond(
      Section section, String key, String name, String unique, Map<String, Integer> lines) {
    Integer earlier = lines.putIfAbsent(unique, section.line());
    if (earlier != null) {
      section.report(
          key, "'" + name + "' is there twice, first on line " + earlier, "name each once");
    }
  }
}
