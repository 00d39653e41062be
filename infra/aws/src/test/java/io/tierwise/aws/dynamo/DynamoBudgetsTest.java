package io.tierwise.aws.dynamo;

import io.tierwise.router.cost.Budgets;
import io.tierwise.router.cost.Limit;
import io.tierwise.router.testing.BudgetsContract;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class DynamoBudgetsTest extends BudgetsContract {
  private static LocalDynamo dynamo;

  @BeforeAll
  static void start() throws Exception {
    dynamo = new LocalDynamo();
  }

  @AfterAll
  static void stop() {
    if (dynamo != null) {
      dynamo.close();
    }
  }

  @Override
  protected Budgets budgets(List<Limit> limits) {
    return new DynamoBudgets(dynamo.client(), dynamo.table(), limits);
  }
}
