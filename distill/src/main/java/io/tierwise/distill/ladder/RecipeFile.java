package io.tierwise.distill.ladder;

import io.tierwise.distill.compress.Step;
import io.tierwise.distill.data.AnsweredFile;
import io.tierwise.distill.ladder.Recipe.Comparison;
import io.tierwise.distill.ladder.Recipe.Source;
import io.tierwise.distill.ladder.Recipe.Stage;
import io.tierwise.gateway.config.Kind;
import io.tierwise.gateway.config.Section;
import io.tierwise.gateway.config.StrictYaml;
import io.tierwise.router.InvalidValueException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads recipes, as strictly as configurations. */
public final class RecipeFile {
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
  private static final Kind<String> SHA256 =
      new Kind<>(
          text -> {
            if (!HASH.matcher(text).matches()) {
              throw new InvalidValueException(
                  "sha256", "this is no SHA-256", "write its 64 digits, in lower case");
            }
            return text;
          },
          "0".repeat(64));

  /** What the examples are. */
  private enum Data {
    IMAGES,
    TEXTS
  }

  private final Path file;

  private RecipeFile(Path file) {
    this.file = file;
  }

  /**
   * @throws io.tierwise.gateway.config.ConfigException naming every line that cannot be used
   */
  public static Recipe load(Path file) {
    return StrictYaml.read(file, new RecipeFile(file)::recipe);
  }

  private Recipe recipe(Section root) {
    String task = root.required("task", Kind.NAME);
    Section data = root.section("data");
    Source source =
        switch (data.value("kind", Kind.choice(Data.class), "images")) {
          case IMAGES -> new Source.Images(data.optional("sha256", SHA256));
          case TEXTS ->
              new Source.Texts(
                  path(data, "train"),
                  path(data, "test"),
                  data.value("referenceField", Kind.TEXT, AnsweredFile.REFERENCE));
        };
    data.refuseOtherKeys();
    List<Long> seeds =
        root.values("seeds", Kind.wholeLong(0, Long.MAX_VALUE / 2)).stream()
            .map(Section.Item::value)
            .toList();
    List<Stage> stages = new ArrayList<>();
    for (Section section : root.sections("stages")) {
      stages.add(stage(section, stages, source));
    }
    if (stages.isEmpty() || !stages.getFirst().from().isEmpty()) {
      root.report("stages", "there is no teacher", "begin with a stage of job train or transfer");
    }
    return new Recipe(
        task, source, seeds.isEmpty() ? List.of(1L) : seeds, stages, comparisons(root, stages));
  }

  private Optional<Path> path(Section data, String key) {
    return data.optional(key, Kind.TEXT).map(file::resolveSibling).map(Path::normalize);
  }

  private static List<Comparison> comparisons(Section root, List<Stage> stages) {
    List<Comparison> comparisons = new ArrayList<>();
    for (Section section : root.sections("comparisons")) {
      Kind<String> known = known(stages);
      comparisons.add(
          new Comparison(section.required("better", known), section.required("than", known)));
      section.refuseOtherKeys();
    }
    return comparisons;
  }

  private static Stage stage(Section section, List<Stage> before, Source source) {
    String name = section.required("name", Kind.NAME);
    if (before.stream().anyMatch(stage -> stage.name().equals(name))) {
      section.report("name", "'" + name + "' is there twice", "name each stage once");
    }
    Job job = section.required("job", Kind.choice(Job.class));
    List<String> from =
        section.values("from", known(before)).stream().map(Section.Item::value).toList();
    Step step =
        switch (source) {
          case Source.Images images -> FeatureSteps.read(section, job);
          case Source.Texts texts -> TextSteps.read(section, job);
        };
    if (!job.takes(from.size(), source instanceof Source.Texts)) {
      section.report("from", "there are " + from.size() + " of them", job.parentsFix());
    }
    section.refuseOtherKeys();
    return new Stage(name, from, step);
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
}
