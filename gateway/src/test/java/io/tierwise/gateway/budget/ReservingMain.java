package io.tierwise.gateway.budget;

import io.tierwise.gateway.store.BudgetStore;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.testing.Requests;
import io.tierwise.router.cost.Limit;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Period;
import io.tierwise.router.cost.Reservation;
import io.tierwise.router.cost.Scope;
import io.tierwise.router.request.Tenant;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Sets most of a budget aside, says so, and waits to be killed. */
final class ReservingMain {
  private ReservingMain() {}

  public static void main(String[] arguments) throws IOException {
    try (Database database = Database.open(Path.of(arguments[0]))) {
      Limit daily = Limit.of(new Scope.OfTenant(new Tenant("acme")), Period.DAY, Money.of("1"));
      StoredBudgets budgets = new StoredBudgets(new BudgetStore(database), List.of(daily));
      Reservation reservation = budgets.reserve(StoredBudgetsTest.claim("0.9", Requests.NOW));
      System.out.println(reservation instanceof Reservation.Granted ? "reserved" : "refused");
      System.in.read();
    }
  }
}
