package io.tierwise.router.testing;

import io.tierwise.router.cost.Budgets;
import io.tierwise.router.cost.Limit;
import java.util.List;

final class InMemoryBudgetsTest extends BudgetsContract {
  @Override
  protected Budgets budgets(List<Limit> limits) {
    return new InMemoryBudgets(limits);
  }
}
