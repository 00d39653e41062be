package io.tierwise.gateway.tier;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tierwise.gateway.testing.Requests;
import io.tierwise.router.request.Distribution;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Task;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LabelsTest {
  private static final Task.Classification TASK = Requests.TASK;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "refund",
        " refund\n",
        "\"refund\"",
        "'refund'",
        "`refund`",
        "**Refund**",
        "REFUND",
        "“refund”"
      })
  void readsALabelInItsUsualWrappings(String words) {
    assertEquals(Optional.of(new Label("refund")), Labels.read(TASK, words));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "refund.",
        "refunds",
        "Label: refund",
        "refund or delivery",
        "\"refund",
        "re fund"
      })
  void neverGuesses(String words) {
    assertEquals(Optional.empty(), Labels.read(TASK, words));
  }

  @Test
  void tellsLabelsApartThatDifferOnlyInCase() {
    Task.Classification task = Requests.task("t", "US", "us");
    assertEquals(Optional.of(new Label("us")), Labels.read(task, "us"));
    assertEquals(Optional.empty(), Labels.read(task, "Us"));
  }

  @Test
  void scalesWeightsToADistributionInTheTasksOrder() {
    assertEquals(
        Distribution.of(TASK.labels(), new double[] {0.75, 0.25, 0}),
        Labels.distribution(
            TASK,
            new Label("refund"),
            Map.of(new Label("delivery"), 0.125, new Label("refund"), 0.375)));
  }

  @Test
  void isCertainWhereTheWeightsSayNothing() {
    Label refund = new Label("refund");
    Distribution certain = Distribution.certain(refund);
    assertEquals(certain, Labels.distribution(TASK, refund, Map.of()));
    assertEquals(certain, Labels.distribution(TASK, refund, Map.of(new Label("x"), 1.0)));
    assertEquals(certain, Labels.distribution(TASK, refund, Map.of(refund, Double.NaN)));
    assertEquals(certain, Labels.distribution(TASK, refund, Map.of(new Label("other"), 0.9)));
  }
}
