package io.tierwise.gateway;

import io.tierwise.gateway.config.ConfigException;
import io.tierwise.gateway.config.ConfigFile;
import io.tierwise.gateway.config.ConfigProblem;
import io.tierwise.gateway.config.ConfigWatch;
import io.tierwise.gateway.config.TierwiseConfig;
import io.tierwise.router.InvalidValueException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Takes a changed configuration into service. One that cannot be used leaves the one in force as it
 * is; what is wrong is logged once, and shown in the metrics until the file is right again.
 */
final class ConfigFollower {
  private static final System.Logger LOG = System.getLogger(ConfigFollower.class.getName());

  private final Path file;
  private final Servings servings;
  private final ConfigWatch watch;
  private final Clock clock;
  private String trouble = "";

  ConfigFollower(Path file, Servings servings) {
    this.file = file;
    this.servings = servings;
    this.clock = servings.now().parts().surroundings().clock();
    this.watch = new ConfigWatch(file, clock);
  }

  /** Looks whether the files have changed and have come to rest, and acts on it. */
  synchronized void look() {
    if (watch.settled(servings.now().config().prices())) {
      try {
        take(ConfigFile.load(file, clock));
      } catch (ConfigException e) {
        watch.alsoWatch(e.problems().stream().map(ConfigProblem::file).toList());
        refuse(String.valueOf(e.getMessage()));
      } catch (InvalidValueException e) {
        refuse(file + ": " + e.field() + ": " + e.trouble() + "; " + e.fix());
      }
    }
  }

  private void take(TierwiseConfig next) {
    TierwiseConfig before = servings.now().config();
    refuseWhatNeedsARestart(before, next);
    boolean changed = servings.change(next);
    if (changed) {
      LOG.log(
          System.Logger.Level.INFO,
          "configuration reloaded from " + file + ": " + ConfigChanges.between(before, next));
    } else if (!trouble.isEmpty()) {
      LOG.log(System.Logger.Level.INFO, file + " again says what is in force");
    }
    trouble = "";
    servings.now().parts().metrics().configInForce(changed, clock.instant());
  }

  private void refuseWhatNeedsARestart(TierwiseConfig before, TierwiseConfig next) {
    List<ConfigProblem> problems = new ArrayList<>();
    refuseChange("server.host", before.server().host(), next.server().host(), problems);
    refuseChange("server.port", before.server().port(), next.server().port(), problems);
    refuseChange(
        "server.maxConcurrent",
        before.server().maxConcurrent(),
        next.server().maxConcurrent(),
        problems);
    refuseChange(
        "server.queueTime", before.server().queueTime(), next.server().queueTime(), problems);
    refuseChange("data", before.data(), next.data(), problems);
    refuseChange("trust", before.trust(), next.trust(), problems);
    refuseChange("budgetData", before.budgetData(), next.budgetData(), problems);
    refuseChange("telemetry.otlp", words(before), words(next), problems);
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }

  private static String words(TierwiseConfig config) {
    String collector = config.telemetry().otlp();
    return collector == null ? "none" : collector;
  }

  private void refuseChange(String key, Object before, Object next, List<ConfigProblem> problems) {
    if (!Objects.equals(before, next)) {
      problems.add(
          new ConfigProblem(
              file,
              ConfigFile.line(file, key),
              key,
              "it cannot change while the gateway runs, from " + before + " to " + next,
              "restart the gateway, or put " + before + " back"));
    }
  }

  private void refuse(String words) {
    if (!words.equals(trouble)) {
      LOG.log(
          System.Logger.Level.ERROR,
          "the configuration was not reloaded, the one before stays in force:\n" + words);
      servings.now().parts().metrics().configRefused();
    }
    trouble = words;
  }
}
