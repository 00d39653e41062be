package io.tierwise.bench.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.bench.Outcome;
import io.tierwise.bench.demo.SupportDesk;
import io.tierwise.distill.Progress;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Tariff;
import io.tierwise.router.tier.TierName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole life on the demo's own texts, their human labels standing for a large model. */
class ReplayIT {
  private static final Path HOME = Path.of(System.getProperty("tierwise.home"));
  private static final Tariff LARGE =
      new Tariff.PerToken(Money.of("2.5"), Money.of("1.25"), Money.of("10"));

  @TempDir private Path directory;

  private ReplaySpec spec(Path data, String referenceField, double epsilon, String work) {
    return new ReplaySpec(
        data,
        referenceField,
        "label",
        new Contract(epsilon, 0.05),
        3,
        new ReplaySpec.Prices(Tariff.FREE, Tariff.FREE, LARGE),
        directory.resolve(work),
        HOME.resolve(".tierwise/cache"));
  }

  private Path recorded() throws IOException {
    List<String> lines = new ArrayList<>();
    for (String part : List.of("stream", "teacher")) {
      for (SupportDesk.Utterance one : SupportDesk.read(HOME, part)) {
        ObjectNode row = JsonNodeFactory.instance.objectNode();
        row.put("text", one.text()).put("label", one.label()).put("llm", one.label());
        lines.add(row.toString());
      }
    }
    lines.add("{\"text\":\"nobody answered this\",\"label\":\"order_status\",\"llm\":null}");
    return Files.write(directory.resolve("recorded.jsonl"), lines);
  }

  @Test
  void servesFromTheCertifiedStudentAndGivesTheSameFiguresAgain() throws IOException {
    Path data = recorded();
    Outcome first = Replay.run(spec(data, "llm", 0.1, "first"), Progress.SILENT);
    Outcome again = Replay.run(spec(data, "llm", 0.1, "again"), Progress.SILENT);

    assertTrue(first.certified());
    assertFalse(first.violation(), "disagreement " + first.disagreement());
    assertEquals(729, first.requests(), "30 % of the 2,429 answered rows");
    assertEquals(729, first.servedBy().values().stream().mapToLong(Long::longValue).sum());
    assertTrue(first.servedBy().get(TierName.STUDENT) > 729 / 4, first.toLine());
    assertEquals(1.0, first.largeAccuracy(), "the recorded answers are the labels");
    assertEquals(1 - first.disagreement(), first.accuracy(), 1e-12);
    assertTrue(first.cost().compareTo(first.costAllLarge()) < 0);

    assertEquals(first.servedBy(), again.servedBy());
    assertEquals(first.disagreement(), again.disagreement());
    assertEquals(first.cost(), again.cost());
  }

  @Test
  void leavesEverythingToTheLargeModelWhenNothingCanBeCertified() throws IOException {
    Outcome outcome = Replay.run(spec(recorded(), "llm", 0.002, "strict"), Progress.SILENT);
    assertFalse(outcome.certified());
    assertEquals(0, outcome.disagreement());
    assertFalse(outcome.servedBy().containsKey(TierName.STUDENT));
  }

  @Test
  void saysThatAFieldHoldsNoAnswers() throws IOException {
    Path data = recorded();
    InvalidValueException refused =
        assertThrows(
            InvalidValueException.class,
            () -> Replay.run(spec(data, "gpt5", 0.1, "none"), Progress.SILENT));
    assertTrue(
        refused.getMessage().startsWith("--reference-field: 'gpt5' has 0 different answers"));
  }
}
