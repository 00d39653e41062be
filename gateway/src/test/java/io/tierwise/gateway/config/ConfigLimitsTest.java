package io.tierwise.gateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tierwise.router.cost.Limit;
import io.tierwise.router.cost.Measure;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Period;
import io.tierwise.router.cost.Scope;
import io.tierwise.router.request.Tenant;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The limits of a configuration. */
class ConfigLimitsTest extends WrittenConfig {
  @Test
  void readsTheLimitsOfTenantsTeamsAndTasks() throws IOException {
    TierwiseConfig config =
        load(
            SMALLEST
                + """
                budgetData: ../shared
                teams:
                  - {name: growth, tenants: [beta, acme]}
                budgets:
                  - {tenant: acme, daily: '1', soft: 0.8, requestsPerMinute: 60}
                  - {team: growth, monthly: '20'}
                  - {task: support, tokensPerMinute: 5000}
                """);
    Scope acme = new Scope.OfTenant(new Tenant("acme"));
    assertEquals(folder.resolveSibling("shared"), config.budgetData());
    assertEquals(
        List.of(
            new Limit(acme, Measure.DOLLARS, Period.DAY, BigDecimal.ONE, new BigDecimal("0.8")),
            new Limit(
                acme, Measure.REQUESTS, Period.MINUTE, BigDecimal.valueOf(60), BigDecimal.ONE),
            Limit.of(
                new Scope.OfTeam("growth", new TreeSet<>(List.of("acme", "beta"))),
                Period.MONTH,
                Money.of("20")),
            new Limit(
                new Scope.OfTask("support"),
                Measure.TOKENS,
                Period.MINUTE,
                BigDecimal.valueOf(5000),
                BigDecimal.ONE)),
        config.limits());
  }

  @Test
  void refusesLimitsOfNobodyOrOfNothing() {
    refused(
        SMALLEST
            + """
            teams:
              - {name: growth, tenants: []}
            budgets:
              - {daily: '1'}
              - {tenant: acme, task: support, daily: '1'}
              - {team: sales, daily: '1'}
              - {task: triage, daily: '1'}
              - {tenant: acme, soft: 1.5}
              - {tenant: acme, daily: '1'}
            """,
        "11: teams[0].tenants: there is none; name at least one tenant",
        "13: budgets[0].tenant: it says of nobody whose it is; give one of tenant, team and task",
        "14: budgets[1].tenant: it has [tenant, task] at once; give one of tenant, team and task",
        "15: budgets[2].team: there is no team 'sales'; use one of teams: [growth]",
        "16: budgets[3].task: there is no task 'triage'; use one of tasks: [support]",
        "17: budgets[4].soft: 1.5 is more than 1; give a share such as 0.8, or 1 for none",
        "17: budgets[4].daily: it limits nothing; give at least one of daily, monthly,"
            + " requestsPerMinute and tokensPerMinute",
        "18: budgets[5].tenant: 'acme' is there twice, first on line 17; name each once");
  }
}
