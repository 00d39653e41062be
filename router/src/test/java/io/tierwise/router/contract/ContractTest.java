package io.tierwise.router.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.router.InvalidValueException;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Scale;
import org.junit.jupiter.api.Test;

final class ContractTest {
  @Test
  void impliesEveryContractThatIsNoStricter() {
    Contract contract = new Contract(0.05, 0.1);
    assertTrue(contract.implies(new Contract(0.05, 0.1)));
    assertTrue(contract.implies(new Contract(0.06, 0.2)));
    assertFalse(contract.implies(new Contract(0.04, 0.2)));
    assertFalse(contract.implies(new Contract(0.06, 0.05)));
  }

  @Test
  void spendsHalfOnTheFirstTestAndEverLessOnTheNext() {
    Contract contract = new Contract(0.05, 0.06);
    assertEquals(0.03, contract.spend(1));
    assertEquals(0.01, contract.spend(2));
    assertEquals(0.005, contract.spend(3));
    assertEquals(0.06 / 90_000.0 / 90_001.0, contract.spend(90_000), 1e-24);
  }

  @Test
  void neverSpendsMoreThanDeltaInAll() {
    Contract contract = new Contract(0.05, 0.1);
    double spent = IntStream.rangeClosed(1, 1_000_000).mapToDouble(contract::spend).sum();
    assertEquals(0.1 * (1 - 1 / 1_000_001.0), spent, 1e-12);
  }

  @Test
  void saysHowManySamplesATestNeedsAtLeast() {
    // 0.95^71 = 0.0262, 0.95^72 = 0.0249
    assertEquals(72, new Contract(0.05, 0.05).fewestSamples(1));
    assertEquals(94, new Contract(0.05, 0.05).fewestSamples(2));
    assertEquals(2, new Contract(0.5, 0.5).fewestSamples(1));
    assertEquals(Integer.MAX_VALUE, new Contract(1e-12, 0.05).fewestSamples(1));
  }

  @Property
  void oneSampleFewerCouldNotCertify(
      @ForAll @DoubleRange(min = 0.001, max = 0.9) @Scale(5) double epsilon,
      @ForAll @DoubleRange(min = 0.001, max = 0.9) @Scale(5) double delta,
      @ForAll @IntRange(min = 1, max = 200) int testIndex) {
    Contract contract = new Contract(epsilon, delta);
    int needed = contract.fewestSamples(testIndex);
    double level = contract.spend(testIndex);
    assertTrue(BinomialTail.atMost(0, needed, epsilon) <= level * (1 + 1e-9));
    assertTrue(needed == 1 || BinomialTail.atMost(0, needed - 1, epsilon) > level * (1 - 1e-9));
  }

  @Test
  void refusesSharesThatAreNone() {
    assertEquals(
        "contract.epsilon: 0.0 is not between 0 and 1 (exclusive); give a share such as 0.05",
        assertThrows(InvalidValueException.class, () -> new Contract(0, 0.05)).getMessage());
    assertThrows(InvalidValueException.class, () -> new Contract(1, 0.05));
    assertThrows(InvalidValueException.class, () -> new Contract(0.05, Double.NaN));
    assertThrows(InvalidValueException.class, () -> new Contract(0.05, 0.05).spend(0));
  }
}
