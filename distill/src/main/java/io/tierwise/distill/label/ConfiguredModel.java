package io.tierwise.distill.label;

import io.tierwise.gateway.LargeModel;
import io.tierwise.gateway.config.ConfigFile;
import io.tierwise.gateway.config.TierwiseConfig;
import io.tierwise.gateway.config.TierwiseConfig.TaskConfig;
import io.tierwise.gateway.tier.Surroundings;
import io.tierwise.router.InvalidValueException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;

/**
 * A task's large model, as a configuration file says. The file is read where the questions are
 * asked, and so are the keys in that machine's environment: neither travels.
 *
 * @param config path of the file
 * @param task a task in it
 */
public record ConfiguredModel(String config, String task) implements Respondent {
  @Override
  public Line open() throws IOException {
    TierwiseConfig read = ConfigFile.load(Path.of(config));
    TaskConfig settings =
        read.tasks().stream()
            .filter(each -> each.name().equals(task))
            .findFirst()
            .orElseThrow(() ->
                new InvalidValueException(
                    config, "it has no task '" + task + "'", "give all workers the same file"));
    Clock clock = Clock.systemUTC();
    LargeModel large = LargeModel.open(read, settings, Surroundings.of(clock, new SecureRandom()));
    return new Line(large.tier(), large.tariff(), clock, large::close);
  }
}
