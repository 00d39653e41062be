package io.tierwise.bench.semantic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.bench.semantic.SemanticCacheBench.Measured;
import io.tierwise.bench.semantic.SemanticCacheBench.Row;
import io.tierwise.bench.semantic.SemanticStream.Near;
import io.tierwise.distill.Progress;
import io.tierwise.router.contract.Contract;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SemanticStreamTest {
  private static List<Near> near(int question, double similarity, boolean same) {
    return List.of(new Near(question, similarity, same, true));
  }

  @Test
  void whatTheCacheAnsweredDoesNotEnterIt() {
    SemanticStream stream =
        new SemanticStream(
            10,
            List.of(),
            List.of(near(3, 0.95, true), near(10, 0.99, false), near(11, 0.99, true)),
            3);
    // The second is near to the first alone, which was answered; the third to the second, which
    // was not.
    assertEquals(new SemanticStream.Served(2, 0), stream.served(0.9, true));
    assertEquals(new SemanticStream.Served(0, 0), stream.served(Double.NaN, true));
  }

  @Test
  void theGuardsPassOverToTheNextNearest() {
    SemanticStream stream =
        new SemanticStream(
            10,
            List.of(),
            List.of(List.of(new Near(1, 0.99, false, false), new Near(2, 0.95, true, true))),
            1);
    assertEquals(new SemanticStream.Served(1, 0), stream.served(0.9, true));
    assertEquals(new SemanticStream.Served(1, 1), stream.served(0.9, false));
  }

  @Test
  void certifiesDownToWhereTooManyAreWrong() {
    List<List<Near>> certifying = new ArrayList<>();
    certifying.addAll(Collections.nCopies(500, near(0, 0.95, true)));
    certifying.addAll(Collections.nCopies(50, near(0, 0.801, false)));
    SemanticStream stream = new SemanticStream(600, certifying, List.of(), 0);
    double threshold = stream.certify(new Contract(0.02, 0.05)).orElseThrow();
    assertTrue(threshold > 0.801 && threshold < 0.803, "threshold " + threshold);
    assertEquals(0, stream.lost(threshold, true));
    assertEquals(50, stream.lost(0.8, true));
    assertTrue(stream.certify(new Contract(0.001, 0.05)).isEmpty(), "550 prove too little");
  }

  @Test
  void comparesAllTexts() {
    Neighbourhood near =
        Neighbourhood.of(
            List.of(new float[] {1, 0}, new float[] {0.6f, 0.8f}, new float[] {-1, 0}),
            Progress.SILENT);
    assertEquals(List.of(1, 2), near.of(0).stream().map(each -> each.question()).toList());
    assertEquals(0.6, near.of(0).getFirst().similarity(), 1e-6);
    assertEquals(0, near.of(0).getLast().similarity());
  }

  @Test
  void aSummaryCountsSeedsByWhatTheyMeasuredAndByTheirRisk() {
    Measured one = new Measured(6, 10, 10, 4, 4, List.of(row(0.9, 1, 4, 1, 0.05)));
    Measured other = new Measured(6, 10, 10, 5, 4, List.of(row(0.8, 0, 6, 0, 0.15)));
    SemanticSummary summary = SemanticSummary.of(List.of(one, other)).getFirst();
    assertEquals(0.85, summary.threshold(), 1e-12);
    assertEquals(0.05, summary.lost(), 1e-12);
    assertEquals(0.5, summary.hits(), 1e-12);
    assertEquals(0.05, summary.wrong(), 1e-12);
    assertEquals(0.1, summary.worst(), 1e-12);
    assertEquals(1, summary.above(), "one seed measured 10 %, ε is 9 %");
    assertEquals(1, summary.broken(), "the other seed's risk is 15 %");
  }

  private static Row row(double threshold, int lost, int hits, int wrong, double risk) {
    return new Row("certified 0.09", true, 0.09, threshold, lost, hits, wrong, risk, 1);
  }
}
