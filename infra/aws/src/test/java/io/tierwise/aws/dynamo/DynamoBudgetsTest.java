package io.tierwise.aws.dynamo;

import io.tierwise.router.cost.Budgets;
import io.tierwise.router.cost.Money;
import io.tierwise.router.request.Tenant;
import io.tierwise.router.testing.BudgetsContract;
import java.util.Map;
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
  protected Budgets budgets(Map<Tenant, Money> daily) {
    return new DynamoBudgets(dynamo.client(), dynamo.table(), daily);
  }
}
