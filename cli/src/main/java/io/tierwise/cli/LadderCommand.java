package io.tierwise.cli;

import io.tierwise.distill.data.IdxFolder;
import io.tierwise.distill.ladder.Ladder;
import io.tierwise.distill.ladder.LadderPage;
import io.tierwise.distill.ladder.LadderReport;
import io.tierwise.distill.ladder.Recipe;
import io.tierwise.distill.ladder.RecipeFile;
import io.tierwise.distill.parallel.Engine;
import io.tierwise.gateway.config.PriceFile;
import io.tierwise.router.cost.Tariff;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.concurrent.Callable;
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
      "it was. The recipes that ship with it are in infra/recipes."
    },
    footer = {
      "",
      "Example: ./tierwise ladder infra/recipes/digits.yaml --data mnist --report ladder.html"
    })
final class LadderCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private EngineOption engine;
  @Mixin private ProgressOption progress;

  @Parameters(index = "0", paramLabel = "RECIPE", description = "A recipe, as YAML.")
  private Path recipe;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = "A folder with IDX files, as MNIST has them.")
  private Path data;

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
    Recipe steps = RecipeFile.load(recipe);
    IdxFolder.Digits digits = IdxFolder.read(data);
    Path kept = work == null ? Installation.home().resolve(".tierwise/ladder") : work;
    Ladder.Result result;
    try (Engine replicas = engine.open()) {
      Ladder.Setting setting =
          new Ladder.Setting(kept, replicas, seconds(), Clock.systemUTC(), progress.watch());
      result = Ladder.run(steps, digits.train(), digits.test(), setting);
    }
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
    return 0;
  }

  private static Tariff seconds() {
    return PriceFile.load(Installation.home().resolve("infra/prices/us-east-1.yaml"))
        .price("lambda-x86-2gb", LocalDate.now(Clock.systemUTC()))
        .tariff();
  }
}
