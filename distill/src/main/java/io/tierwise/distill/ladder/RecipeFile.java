package io.tierwise.distill.ladder;

import io.tierwise.distill.Kept;
import io.tierwise.distill.compress.Technique;
import io.tierwise.distill.ladder.Recipe.Comparison;
import io.tierwise.distill.ladder.Recipe.Stage;
import io.tierwise.distill.onnx.Scaling;
import io.tierwise.gateway.config.Kind;
import io.tierwise.gateway.config.Section;
import io.tierwise.gateway.config.StrictYaml;
import io.tierwise.router.InvalidValueException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** Reads recipes, as strictly as configurations. */
public final class RecipeFile {
  private static final Kind<Integer> COUNT = Kind.whole(0, 1_000_000);

  /** The jobs, as recipes name them. */
  private enum Job {
    TRAIN,
    DISTILL,
    PRUNE_WEIGHTS,
    PRUNE_NEURONS,
    FACTORIZE,
    EXTRACT,
    QUANTIZE,
    COMPILE,
    FUSE
  }

  /** What a share of the weights is counted among. */
  private enum Scope {
    GLOBAL,
    PER_LAYER
  }

  private RecipeFile() {}

  /**
   * @throws io.tierwise.gateway.config.ConfigException naming every line that cannot be used
   */
  public static Recipe load(Path file) {
    return StrictYaml.read(file, RecipeFile::recipe);
  }

  private static Recipe recipe(Section root) {
    String task = root.required("task", Kind.NAME);
    List<Long> seeds =
        root.values("seeds", Kind.wholeLong(0, Long.MAX_VALUE / 2)).stream()
            .map(Section.Item::value)
            .toList();
    List<Stage> stages = new ArrayList<>();
    for (Section section : root.sections("stages")) {
      stages.add(stage(section, stages));
    }
    if (stages.isEmpty() || !stages.getFirst().from().isEmpty()) {
      root.report("stages", "there is no teacher", "begin with a stage of job train");
    }
    List<Comparison> comparisons = new ArrayList<>();
    for (Section section : root.sections("comparisons")) {
      Kind<String> known = known(stages);
      comparisons.add(
          new Comparison(section.required("better", known), section.required("than", known)));
      section.refuseOtherKeys();
    }
    return new Recipe(task, seeds.isEmpty() ? List.of(1L) : seeds, stages, comparisons);
  }

  private static Stage stage(Section section, List<Stage> before) {
    String name = section.required("name", Kind.NAME);
    if (before.stream().anyMatch(stage -> stage.name().equals(name))) {
      section.report("name", "'" + name + "' is there twice", "name each stage once");
    }
    Job job = section.required("job", Kind.choice(Job.class));
    List<String> from =
        section.values("from", known(before)).stream().map(Section.Item::value).toList();
    Technique technique = technique(section, job);
    requireParents(section, job, from.size());
    section.refuseOtherKeys();
    return new Stage(name, from, technique);
  }

  private static Kind<String> known(List<Stage> stages) {
    List<String> names = stages.stream().map(Stage::name).toList();
    return new Kind<>(
        text -> {
          if (!names.contains(text)) {
            throw new InvalidValueException(
                "from",
                "there is no stage '" + text + "' before this one",
                "name one of: " + String.join(", ", names));
          }
          return text;
        },
        "stage");
  }

  private static void requireParents(Section section, Job job, int given) {
    boolean fits =
        switch (job) {
          case TRAIN -> given == 0;
          case FUSE -> given >= 2;
          case DISTILL, PRUNE_WEIGHTS, PRUNE_NEURONS, FACTORIZE, EXTRACT, QUANTIZE, COMPILE ->
              given == 1;
        };
    if (!fits) {
      section.report(
          "from",
          "there are " + given + " of them",
          job == Job.TRAIN ? "leave it out" : job == Job.FUSE ? "give two or more" : "give one");
    }
  }

  private static Technique technique(Section section, Job job) {
    return switch (job) {
      case TRAIN ->
          new Technique.Train(hidden(section), integer(section, "labelled"), epochs(section, 15));
      case DISTILL ->
          new Technique.Distill(
              hidden(section),
              section.value("share", Kind.CLOSED_SHARE, "0.7"),
              section.value("temperature", Kind.POSITIVE, "4").doubleValue(),
              section.value("shifts", Kind.YES_OR_NO, "false"),
              epochs(section, 30));
      case PRUNE_WEIGHTS ->
          new Technique.PruneWeights(
              section.required("sparsity", Kind.OPEN_SHARE),
              section.value("scope", Kind.choice(Scope.class), "global") == Scope.PER_LAYER,
              epochs(section, 10));
      case PRUNE_NEURONS ->
          new Technique.PruneNeurons(
              Optional.of(new Kept(section.required("keep", Kind.whole(1, 1_000_000)))),
              Optional.empty(),
              epochs(section, 15));
      case FACTORIZE -> factorize(section);
      case EXTRACT ->
          new Technique.Extract(
              section.required("prototypes", Kind.whole(1, 1_000_000)),
              hidden(section),
              List.of(),
              epochs(section, 60));
      case QUANTIZE ->
          new Technique.Quantize(section.value("mode", Kind.choice(Scaling.class), "static"));
      case COMPILE -> new Technique.Compile();
      case FUSE ->
          new Technique.Fuse(
              section.values("shares", Kind.OPEN_SHARE).stream().map(Section.Item::value).toList());
    };
  }

  private static Technique factorize(Section section) {
    OptionalInt rank = integer(section, "rank");
    Optional<Double> energy = section.optional("energy", Kind.OPEN_SHARE);
    if (rank.isPresent() == energy.isPresent()) {
      section.report(
          "rank",
          "it and energy are " + (rank.isPresent() ? "both" : "neither") + " given",
          "give one of the two");
    }
    return new Technique.Factorize(
        rank, energy.map(OptionalDouble::of).orElseGet(OptionalDouble::empty), epochs(section, 10));
  }

  private static OptionalInt integer(Section section, String key) {
    return section
        .optional(key, Kind.whole(1, 1_000_000))
        .map(OptionalInt::of)
        .orElseGet(OptionalInt::empty);
  }

  private static List<Integer> hidden(Section section) {
    return section.values("hidden", Kind.whole(1, 100_000)).stream()
        .map(Section.Item::value)
        .toList();
  }

  private static Technique.Epochs epochs(Section section, int otherwise) {
    return new Technique.Epochs(
        section.value("epochs", COUNT, String.valueOf(otherwise)),
        section.value("rate", Kind.OPEN_SHARE, "0.001").floatValue());
  }
}
