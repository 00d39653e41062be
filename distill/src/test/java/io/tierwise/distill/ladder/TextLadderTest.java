package io.tierwise.distill.ladder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.distill.Progress;
import io.tierwise.distill.data.Answered;
import io.tierwise.gateway.config.ConfigException;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Tariff;
import io.tierwise.router.request.Label;
import io.tierwise.student.encoder.SentenceEncoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TextLadderTest {
  private static final String RECIPE =
      """
      task: money
      data: {kind: texts, train: ../texts/train.jsonl, referenceField: label}
      stages:
        - {name: teacher, job: transfer, penalties: [0.0003]}
        - {name: minilm, job: transfer, base: minilm}
        - {name: bag, job: distill, from: [teacher], student: bag, members: 1, epochs: 40}
        - {name: encoder, job: train, student: encoder, layers: [0], epochs: 12}
        - {name: half, job: prune-neurons, from: [encoder], keep: 0.5, epochs: 6}
        - {name: bytes, job: quantize, from: [half], mode: dynamic}
      comparisons:
        - {better: teacher, than: bag}
      """;

  private static final List<String> PAID =
      List.of("i paid already", "paid twice by card", "the money has left my account");
  private static final List<String> PARCEL =
      List.of("where is my parcel", "parcel still not here", "when will the box arrive");

  @TempDir private Path folder;

  private static List<Answered> texts() {
    List<Answered> texts = new ArrayList<>();
    PAID.forEach(text -> texts.add(Answered.with(text, new Label("paid"))));
    PARCEL.forEach(text -> texts.add(Answered.with(text, new Label("parcel"))));
    return texts;
  }

  private Recipe recipe(String content) throws IOException {
    return RecipeFile.load(Files.writeString(folder.resolve("recipe.yaml"), content));
  }

  private Ladder.Result run(SentenceEncoder encoder) throws IOException {
    List<String> words = List.of("paid", "money", "parcel", "box", "card", "arrive");
    return Ladder.run(
        recipe(RECIPE),
        new TextMaterial(texts(), texts(), encoder, words, folder.resolve("cache"), 10),
        new Ladder.Setting(
            folder.resolve("work"),
            new Tariff.PerRequest(Money.of("0.000001")),
            Clock.systemUTC(),
            Progress.SILENT));
  }

  @Test
  void makesAndMeasuresEveryTextArtifactAndNoneTwice() throws IOException {
    try (SentenceEncoder encoder = SentenceEncoder.bgeSmall(1)) {
      Ladder.Result result = run(encoder);
      Map<String, Rung> rungs =
          result.rungs().stream().collect(Collectors.toMap(Rung::name, rung -> rung));
      rungs.values().forEach(rung -> assertEquals(1, rung.accuracy(), rung.name()));
      assertTrue(rungs.get("teacher").bytes() > encoder.bytes());
      assertTrue(rungs.get("half").bytes() < rungs.get("encoder").bytes());
      assertTrue(rungs.get("bytes").bytes() < rungs.get("half").bytes() / 2);
      assertEquals("transfer", rungs.get("minilm").technique());
      assertEquals("distill", rungs.get("bag").technique());
      assertEquals("train", rungs.get("encoder").technique());
      assertEquals(0, result.comparisons().getFirst().difference().mean());

      List<Path> made = artifacts();
      run(encoder);
      assertEquals(made, artifacts());
    }
  }

  private List<Path> artifacts() throws IOException {
    try (var files = Files.list(folder.resolve("work"))) {
      return files.sorted().toList();
    }
  }

  @Test
  void findsItsDataBesideTheRecipe() throws IOException {
    Recipe.Source.Texts source = (Recipe.Source.Texts) recipe(RECIPE).source();
    assertEquals(
        folder.resolveSibling("texts").resolve("train.jsonl"), source.train().orElseThrow());
    assertEquals("label", source.referenceField());
  }

  @Test
  void saysWhichJobsAreNotForTexts() {
    ConfigException refused =
        assertThrows(
            ConfigException.class,
            () ->
                recipe(
                    """
                    task: money
                    data: {kind: texts}
                    stages:
                      - {name: teacher, job: transfer, base: gpt}
                      - {name: thin, job: factorize, from: [teacher]}
                      - {name: bag, job: distill, student: tree}
                    """));
    assertTrue(refused.getMessage().contains(":4: stages[0].base: 'gpt' is not known here"));
    assertTrue(refused.getMessage().contains(":5: stages[1].job: it is for feature vectors"));
    assertTrue(refused.getMessage().contains(":6: stages[2].student: 'tree' is not known here"));
  }

  @Test
  void saysWhichJobsAreNotForImages() {
    ConfigException refused =
        assertThrows(
            ConfigException.class,
            () ->
                recipe(
                    """
                    task: digits
                    data: {kind: images, sha256: abc}
                    stages:
                      - {name: teacher, job: transfer}
                      - {name: small, job: distill, hidden: [4]}
                    """));
    assertTrue(refused.getMessage().contains(":2: data.sha256: this is no SHA-256"));
    assertTrue(refused.getMessage().contains(":4: stages[0].job: it is for texts; use train"));
    assertTrue(refused.getMessage().contains(":5: stages[1].from: there are 0 of them; give one"));
  }
}
