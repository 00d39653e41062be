package io.tierwise.bench.guarantee;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.distill.Progress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ValidityTest {
  private static final Validity.Spec SPEC = new Validity.Spec(60, 40, 300, List.of(0.1), 0.05, 1);

  @Test
  void knowsTheRiskAndCoverageOfEveryThreshold() {
    // half of it sure and right, a quarter unsure and wrong, a quarter unsure and right
    Population population =
        new Population(new double[] {0.99, 0.99, 0.3, 0.3}, new double[] {0, 0, 1, 0});
    assertEquals(0.5, population.coverage(population.oracle(0.1)), 1e-12);
    assertEquals(0, population.risk(population.oracle(0.1)), 1e-12);
    assertEquals(1, population.coverage(population.oracle(0.25)), 1e-12);
    assertEquals(0.25, population.risk(population.oracle(0.25)), 1e-12);
  }

  @Test
  void certificatesHoldAndCoverMoreThanTheBinomialTestsAndLessThanTheOracle() {
    Population edge = new Population(new double[] {0.9, 0.9, 0.6}, new double[] {0, 0, 0.4});
    List<Validity.Row> rows = Validity.run(SPEC, Map.of("edge", edge), Progress.SILENT);
    assertEquals(List.of("simulated", "edge"), rows.stream().map(Validity.Row::data).toList());
    for (Validity.Row row : rows) {
      assertTrue(row.unsound() <= row.allowed(), row::toString);
      assertEquals(0, row.behind(), row::toString);
    }
    Validity.Row simulated = rows.getFirst();
    assertTrue(simulated.coverage() > simulated.plain(), simulated::toString);
    assertTrue(simulated.coverage() < simulated.oracle(), simulated::toString);
  }

  @Test
  void theSameSeedGivesTheSameFigures() {
    assertEquals(
        Validity.run(SPEC, Map.of(), Progress.SILENT),
        Validity.run(SPEC, Map.of(), Progress.SILENT));
  }
}
