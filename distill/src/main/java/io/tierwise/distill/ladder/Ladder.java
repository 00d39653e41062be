package io.tierwise.distill.ladder;

import io.tierwise.distill.CodeVersion;
import io.tierwise.distill.Progress;
import io.tierwise.distill.compress.PerceptronTechniques;
import io.tierwise.distill.ladder.Recipe.Stage;
import io.tierwise.distill.parallel.Engine;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Tariff;
import io.tierwise.router.cost.Usage;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.ArtifactFiles;
import io.tierwise.student.artifact.ArtifactWriter;
import io.tierwise.student.file.SoleUse;
import io.tierwise.student.onnx.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Makes a recipe's artifacts and measures them. Every artifact is in a directory named after all
 * that decides its content, so a run that was cut short goes on where it was, and a changed stage
 * is made again with all that comes of it.
 */
public final class Ladder {
  private static final int BATCH = 32;
  private static final int NAME_DIGITS = 12;
  private static final long MILLION = 1_000_000;
  private static final String LOCK = ".lock";

  private final Recipe recipe;
  private final Material material;
  private final Setting setting;
  private final String dataHash;

  /**
   * How a ladder is run.
   *
   * @param work where artifacts are kept between runs
   * @param engine where students are trained; left open
   * @param seconds what the time of a forward pass costs, for dollars per million
   */
  public record Setting(Path work, Engine engine, Tariff seconds, Clock clock, Progress progress) {}

  /**
   * What a run found.
   *
   * @param machine that the latencies are of
   */
  public record Result(
      Recipe recipe, List<Rung> rungs, List<Comparisons.Shown> comparisons, String machine) {
    public Result {
      rungs = List.copyOf(rungs);
      comparisons = List.copyOf(comparisons);
    }
  }

  private Ladder(Recipe recipe, Material material, Setting setting) {
    this.recipe = recipe;
    this.material = material;
    this.setting = setting;
    this.dataHash = material.sha256();
  }

  /**
   * Makes what is not there yet, and measures all of it.
   *
   * @throws InvalidValueException where another ladder is at work in the same directory: the two
   *     would make the same artifacts, and each spoil the other's times
   */
  public static Result run(Recipe recipe, Material material, Setting setting) throws IOException {
    Path work = Files.createDirectories(setting.work());
    try (SoleUse use = SoleUse.tryAcquire(work.resolve(LOCK)).orElse(null)) {
      if (use == null) {
        throw new InvalidValueException(
            "--work",
            "another ladder is at work in " + work,
            "wait for its end, or give another directory");
      }
      return new Ladder(recipe, material, setting).run();
    }
  }

  private Result run() throws IOException {
    List<Map<String, Artifact>> made = new ArrayList<>();
    for (long seed : recipe.seeds()) {
      made.add(make(seed));
    }
    Map<String, List<boolean[]>> right = new LinkedHashMap<>();
    for (Stage stage : recipe.stages()) {
      List<boolean[]> bySeed = new ArrayList<>();
      for (Map<String, Artifact> artifacts : made) {
        bySeed.add(material.right(Objects.requireNonNull(artifacts.get(stage.name()))));
      }
      right.put(stage.name(), bySeed);
    }
    List<Rung> rungs = measured(made.getFirst(), right);
    keep(rungs, made, right.values().iterator().next().getFirst().length);
    return new Result(
        recipe,
        rungs.stream()
            .map(rung -> rung.onFront(rungs.stream().noneMatch(other -> other.dominates(rung))))
            .toList(),
        Comparisons.of(recipe.comparisons(), right),
        Target.machine());
  }

  private Map<String, Artifact> make(long seed) throws IOException {
    Map<String, Artifact> made = new LinkedHashMap<>();
    Map<String, String> names = new LinkedHashMap<>();
    for (Stage stage : recipe.stages()) {
      String name = name(stage, seed, names);
      names.put(stage.name(), name);
      Path directory = setting.work().resolve(name);
      List<Artifact> parents = stage.from().stream().map(made::get).toList();
      int place = made.size();
      Progress progress =
          (what, done, total) ->
              setting
                  .progress()
                  .report("seed " + seed + ", " + stage.name() + ": " + what, done, total);
      made.put(
          stage.name(),
          Files.exists(directory)
              ? Artifact.open(directory)
              : material.make(
                  stage.step(),
                  parents,
                  directory,
                  new PerceptronTechniques.Workshop(
                      recipe.task(), seed, setting.engine(), setting.clock(), progress)));
      setting.progress().report("seed " + seed, place + 1L, recipe.stages().size());
    }
    return made;
  }

  /** The stage's name, and a hash of the recipe up to it, the data, the seed and the code. */
  private String name(Stage stage, long seed, Map<String, String> names) {
    String content =
        String.join(
            "\n",
            recipe.task(),
            dataHash,
            Long.toString(seed),
            CodeVersion.CURRENT,
            stage.step().toString(),
            stage.from().stream().map(names::get).toList().toString());
    String hash = ArtifactFiles.sha256(content.getBytes(StandardCharsets.UTF_8));
    return stage.name() + "-" + hash.substring(0, NAME_DIGITS);
  }

  private List<Rung> measured(Map<String, Artifact> made, Map<String, List<boolean[]>> right)
      throws IOException {
    List<Artifact> artifacts = List.copyOf(made.values());
    double[] single = material.medians(artifacts, 1, setting.progress());
    double[] batch = material.medians(artifacts, BATCH, setting.progress());
    List<boolean[]> teacher = Objects.requireNonNull(right.get(recipe.teacher().name()));
    List<Rung> rungs = new ArrayList<>();
    for (Stage stage : recipe.stages()) {
      List<boolean[]> its = Objects.requireNonNull(right.get(stage.name()));
      Comparisons.Difference lost = Comparisons.difference(teacher, its);
      Material.Size size = material.size(Objects.requireNonNull(made.get(stage.name())));
      int place = rungs.size();
      rungs.add(
          new Rung(
              stage.name(),
              stage.step().job(),
              its.stream().map(Comparisons::share).toList(),
              lost.mean(),
              lost.lower(),
              lost.upper(),
              size.bytes(),
              size.gzipped(),
              single[place],
              batch[place],
              perMillion(single[place]),
              false));
    }
    return rungs;
  }

  /** In the manifests too: each seed's accuracy, and the latencies of those that were timed. */
  private static void keep(List<Rung> rungs, List<Map<String, Artifact>> made, int examples)
      throws IOException {
    for (int seed = 0; seed < made.size(); seed++) {
      for (Rung rung : rungs) {
        Artifact artifact = Objects.requireNonNull(made.get(seed).get(rung.name()));
        double accuracy = rung.accuracies().get(seed);
        Map<String, Double> metrics = new TreeMap<>();
        metrics.put("accuracy", accuracy);
        metrics.put("accuracyHalfWidth95", Comparisons.halfWidth(accuracy, examples));
        if (seed == 0) {
          metrics.put("p50Micros", rung.p50Micros());
          metrics.put("p50MicrosBatch32", rung.p50MicrosBatch32());
        }
        ArtifactWriter.measured(artifact, metrics, seed == 0 ? Target.machine() : "");
      }
    }
  }

  private Money perMillion(double micros) {
    return setting
        .seconds()
        .cost(Usage.call(Duration.ofNanos(Math.round(micros * 1000))))
        .times(MILLION);
  }
}
