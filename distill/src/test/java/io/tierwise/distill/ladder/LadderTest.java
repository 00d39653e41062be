package io.tierwise.distill.ladder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tierwise.distill.Progress;
import io.tierwise.distill.data.FeatureSet;
import io.tierwise.distill.parallel.Engine;
import io.tierwise.gateway.config.ConfigException;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Tariff;
import io.tierwise.router.request.Label;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.Manifest;
import io.tierwise.student.file.SoleUse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LadderTest {
  private static final String RECIPE =
      """
      task: blobs
      seeds: [1, 2]
      stages:
        - {name: teacher, job: train, hidden: [16], epochs: 10, rate: 0.01}
        - {name: small, job: distill, from: [teacher], hidden: [4], epochs: 10, rate: 0.01}
        - {name: tiny, job: quantize, from: [small], mode: dynamic}
      comparisons:
        - {better: teacher, than: small}
      """;

  @TempDir private Path folder;
  private final List<String> trained = new ArrayList<>();

  private static FeatureSet data(long seed) {
    Random random = new Random(seed);
    float[][] features = new float[120][6];
    int[] classes = new int[120];
    for (int i = 0; i < classes.length; i++) {
      classes[i] = i % 2;
      for (int d = 0; d < 6; d++) {
        features[i][d] = (float) (random.nextGaussian() * 0.3 + (d % 2 == classes[i] ? 1 : 0));
      }
    }
    return new FeatureSet(List.of(new Label("a"), new Label("b")), features, classes);
  }

  private Ladder.Result run(String recipe) throws IOException {
    Path file = Files.writeString(folder.resolve("recipe.yaml"), recipe);
    trained.clear();
    Progress progress =
        (stage, done, total) -> {
          if (stage.endsWith("training") && done == total) {
            trained.add(stage);
          }
        };
    try (Engine engine = Engine.local()) {
      return Ladder.run(
          RecipeFile.load(file),
          new FeatureMaterial(data(1), data(2)),
          new Ladder.Setting(
              folder.resolve("work"),
              engine,
              new Tariff.PerRequest(Money.of("0.000001")),
              Clock.systemUTC(),
              progress));
    }
  }

  private Map<String, FileTime> models() throws IOException {
    Map<String, FileTime> found = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder.resolve("work"))) {
      for (Path file : files.filter(each -> each.endsWith("model.onnx")).toList()) {
        found.put(String.valueOf(file.getParent().getFileName()), Files.getLastModifiedTime(file));
      }
    }
    return found;
  }

  @Test
  void theFiguresAndTheirHardwareAreInTheManifests() throws IOException {
    Ladder.Result result = run(RECIPE);
    int timed = 0;
    for (String name : models().keySet()) {
      Manifest manifest = Artifact.open(folder.resolve("work").resolve(name)).manifest();
      assertTrue(manifest.metrics().containsKey("accuracy"), name);
      assertTrue(manifest.metrics().containsKey("accuracyHalfWidth95"), name);
      boolean latency = manifest.metrics().containsKey("p50Micros");
      assertEquals(latency ? result.machine() : "", manifest.hardware(), name);
      timed += latency ? 1 : 0;
    }
    assertEquals(3, timed, "those of the first seed");
  }

  @Test
  void measuresEveryArtifactAgainstTheTeacher() throws IOException {
    Ladder.Result result = run(RECIPE);
    assertEquals(
        List.of("teacher", "small", "tiny"), result.rungs().stream().map(Rung::name).toList());
    Rung teacher = result.rungs().getFirst();
    assertEquals(0, teacher.lost());
    assertEquals(2, teacher.accuracies().size());
    assertTrue(teacher.accuracy() > 0.9, "teacher " + teacher.accuracy());
    assertTrue(result.rungs().get(1).bytes() < teacher.bytes());
    assertEquals(Money.of("1"), teacher.perMillion());

    JsonNode json = new ObjectMapper().readTree(LadderReport.json(result));
    JsonNode first = json.path("artifacts").path(0);
    for (String field :
        List.of("technique", "accuracy", "bytes", "p50Micros", "p50MicrosBatch32")) {
      assertTrue(first.has(field), field);
    }
    assertEquals("small", json.path("comparisons").path(0).path("than").textValue());
    assertTrue(LadderPage.html(result).contains("<svg"));
    assertTrue(LadderReport.text(result).contains("small"));
  }

  @Test
  void aSecondRunMakesNothingAgain() throws IOException {
    run(RECIPE);
    assertEquals(4, trained.size());
    Map<String, FileTime> before = models();
    run(RECIPE);
    assertEquals(List.of(), trained);
    assertEquals(before, models());
  }

  @Test
  void refusesADirectoryThatAnotherLadderIsAtWorkIn() throws IOException {
    Path work = Files.createDirectories(folder.resolve("work"));
    try (SoleUse other = SoleUse.tryAcquire(work.resolve(".lock")).orElseThrow()) {
      assertNotNull(other);
      assertEquals(
          "--work: another ladder is at work in "
              + work
              + "; wait for its end, or give another directory",
          assertThrows(InvalidValueException.class, () -> run(RECIPE)).getMessage());
    }
    run(RECIPE);
    assertEquals(4, trained.size(), "the directory is free again");
  }

  @Test
  void aStageThatWasChangedIsMadeAgainWithAllThatComesOfIt() throws IOException {
    run(RECIPE);
    Map<String, FileTime> before = models();
    run(RECIPE.replace("hidden: [4]", "hidden: [5]"));
    assertEquals(2, trained.size());
    Map<String, FileTime> after = models();
    assertEquals(6, before.size());
    assertEquals(10, after.size());
    before.forEach((name, time) -> assertEquals(time, after.get(name), name));
  }

  @Test
  void aRecipeIsReadAsStrictlyAsAConfiguration() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("bad.yaml"),
            """
            task: blobs
            stages:
              - {name: teacher, job: train, hiden: [16]}
              - {name: small, job: shrink, from: [teacher]}
              - {name: thin, job: factorize, from: [techer]}
            """);
    ConfigException refused = assertThrows(ConfigException.class, () -> RecipeFile.load(file));
    List<String> problems = refused.getMessage().lines().toList();
    assertTrue(
        problems.get(0).contains(":3: stages[0].hiden: there is no such key"),
        refused.getMessage());
    assertTrue(refused.getMessage().contains(":4: stages[1].job: 'shrink' is not known here"));
    assertTrue(refused.getMessage().contains("there is no stage 'techer' before this one"));
    assertTrue(refused.getMessage().contains("stages[2].rank: it and energy are neither given"));
  }

  private static Rung rung(double accuracy, long bytes, double micros) {
    return new Rung(
        "r", "train", List.of(accuracy), 0, 0, 0, bytes, bytes, micros, micros, Money.ZERO, false);
  }

  @Test
  void isOffTheFrontWhereAnotherIsNoWorseInAnythingAndBetterInSomething() {
    Rung rung = rung(0.9, 100, 10);
    assertTrue(rung(0.9, 100, 9).dominates(rung));
    assertTrue(rung(0.9, 99, 10).dominates(rung));
    assertTrue(rung(0.91, 100, 10).dominates(rung));
    assertFalse(rung(0.9, 100, 10).dominates(rung));
    assertFalse(rung(0.95, 101, 10).dominates(rung));
    assertFalse(rung(0.89, 1, 1).dominates(rung));
  }

  @Test
  void drawsThroughWhatIsBestForItsCostAlone() throws IOException {
    Recipe recipe = RecipeFile.load(Files.writeString(folder.resolve("recipe.yaml"), RECIPE));
    List<Rung> rungs = List.of(rung(0.9, 100, 10), rung(0.8, 50, 20), rung(0.7, 60, 5));
    String page = LadderPage.html(new Ladder.Result(recipe, rungs, List.of(), "here"));
    List<Integer> points =
        Pattern.compile("class=\"front\" d=\"([^\"]*)\"")
            .matcher(page)
            .results()
            .map(line -> line.group(1).split("[ML]", -1).length - 1)
            .toList();
    // By latency 5 and 10; by bytes 50 and 100; dollars follow latency but are all nothing here.
    assertEquals(List.of(2, 2, 1), points);
  }

  @Test
  void comparesOnTheSameExamples() {
    boolean[] first = {true, true, true, false};
    boolean[] second = {true, false, false, false};
    Comparisons.Difference difference = Comparisons.difference(List.of(first), List.of(second));
    assertEquals(0.5, difference.mean());
    // Differences 0, 1, 1, 0: variance 0.25, margin 1.96 · √(0.25/4).
    assertEquals(0.5 - 1.959963984540054 * 0.25, difference.lower(), 1e-12);
    assertEquals(
        "one is 50.00 points better than two (95 %: 1.00 to 99.00).",
        new Comparisons.Shown("one", "two", difference).sentence());
    assertEquals(
        "two is 50.00 points worse than one (95 %: -99.00 to -1.00).",
        new Comparisons.Shown("two", "one", new Comparisons.Difference(-0.5, -0.99, -0.01))
            .sentence());
    Comparisons.Difference none =
        Comparisons.difference(List.of(first, second), List.of(second, first));
    assertEquals(new Comparisons.Difference(0, 0, 0), none);
  }
}
