package io.tierwise.gateway.store;

import java.nio.file.Path;

/** Spends tests of one task and says the number of each. */
final class SpendingMain {
  private SpendingMain() {}

  public static void main(String[] arguments) {
    try (Database database = Database.open(Path.of(arguments[0]))) {
      GateStore gates = new GateStore(database, StoreFixture.clock());
      for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
        System.out.println(gates.spendTest("triage"));
      }
    }
  }
}
