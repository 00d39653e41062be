package io.tierwise.gateway.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tierwise.gateway.testing.RunningGateway;
import io.tierwise.gateway.testing.ScriptedUpstream;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BudgetGaugesTest {
  @TempDir private Path folder;

  private static List<String> gauges(RunningGateway running) {
    running.gateway().refresh();
    return running
        .get("/metrics")
        .response()
        .body()
        .lines()
        .filter(line -> line.startsWith("tierwise_budget_"))
        .sorted()
        .toList();
  }

  /** As many series as limits, however many tenants there are. */
  @Test
  void showsHowMuchOfEveryLimitIsTaken() {
    RunningGateway.Setup setup =
        RunningGateway.Setup.USUAL.budgets(
            RunningGateway.daily("default", "5"), RunningGateway.daily("other", "7"));
    try (RunningGateway running = new RunningGateway(folder, setup)) {
      assertEquals(
          List.of(
              "tierwise_budget_limit{measure=\"dollars\",period=\"day\",scope=\"tenant default\"}"
                  + " 5.0",
              "tierwise_budget_limit{measure=\"dollars\",period=\"day\",scope=\"tenant other\"}"
                  + " 7.0",
              "tierwise_budget_taken{measure=\"dollars\",period=\"day\",scope=\"tenant default\"}"
                  + " 0.0",
              "tierwise_budget_taken{measure=\"dollars\",period=\"day\",scope=\"tenant other\"}"
                  + " 0.0"),
          gauges(running));
      running.upstream.otherwise(ScriptedUpstream.answer("refund", 20, 1));
      running.ask("where is my money");
      double spent = running.ledger().getFirst().cost().usd().doubleValue();
      assertEquals(
          "tierwise_budget_taken{measure=\"dollars\",period=\"day\",scope=\"tenant default\"} "
              + spent,
          gauges(running).get(2));
    }
  }

  @Test
  void withoutLimitsThereAreNone() {
    try (RunningGateway running = new RunningGateway(folder, RunningGateway.Setup.USUAL)) {
      assertEquals(List.of(), gauges(running));
    }
  }
}
