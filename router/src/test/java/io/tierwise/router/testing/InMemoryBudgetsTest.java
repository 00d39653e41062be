package io.tierwise.router.testing;

import io.tierwise.router.cost.Budgets;
import io.tierwise.router.cost.Money;
import io.tierwise.router.request.Tenant;
import java.util.Map;

final class InMemoryBudgetsTest extends BudgetsContract {
  @Override
  protected Budgets budgets(Map<Tenant, Money> daily) {
    return new InMemoryBudgets(daily);
  }
}
