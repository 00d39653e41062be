package io.tierwise.gateway.doctor;

import io.tierwise.gateway.config.ConfigException;
import io.tierwise.gateway.config.ConfigFile;
import io.tierwise.gateway.config.ConfigProblem;
import io.tierwise.gateway.config.TierwiseConfig;
import io.tierwise.gateway.config.TierwiseConfig.TaskConfig;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Makes all checks, in the order in which a start would meet their troubles. */
public final class Doctor {
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final Clock clock;
  private final UnaryOperator<@Nullable String> environment;

  /**
   * @param environment where the keys of endpoints are looked up; gives null for what is not set
   */
  public Doctor(Clock clock, UnaryOperator<@Nullable String> environment) {
    this.clock = clock;
    this.environment = environment;
  }

  /** One finding a check; where the configuration cannot be used, one for each of its problems. */
  public List<Finding> examine(Path configuration) {
    List<Check> checks = new ArrayList<>();
    checks.add(() -> MachineChecks.java(Runtime.version()));
    checks.add(() -> MachineChecks.memory(Runtime.getRuntime().maxMemory()));
    checks.add(() -> MachineChecks.encoder(Doctor.class.getClassLoader()));
    try {
      TierwiseConfig config = ConfigFile.load(configuration, clock);
      checks.add(() -> Finding.ok("configuration", configuration + " can be used"));
      add(checks, config);
    } catch (ConfigException e) {
      for (ConfigProblem problem : e.problems()) {
        String place = problem.file() + (problem.line() == 0 ? "" : ":" + problem.line());
        checks.add(() ->
            Finding.fail(
                "configuration",
                place + ": " + problem.field() + ": " + problem.trouble(),
                problem.fix()));
      }
    }
    return checks.stream().map(Check::look).toList();
  }

  private void add(List<Check> checks, TierwiseConfig config) {
    Path data = config.data();
    checks.add(() -> DataChecks.writable(data));
    checks.add(() -> DataChecks.room(data, DataChecks.LEAST_FREE));
    checks.add(() -> DataChecks.database(data));
    checks.add(() -> DataChecks.ledger(data));
    checks.add(() -> MachineChecks.port(config.server().host(), config.server().port()));
    config
        .upstreams()
        .forEach((name, upstream) -> {
          checks.add(() -> UpstreamChecks.key(name, upstream, environment));
          checks.add(() -> UpstreamChecks.reachable(name, upstream, environment, PATIENCE));
        });
    for (TaskConfig task : config.tasks()) {
      checks.add(() -> TaskChecks.prices(task, config.prices(), clock));
      checks.add(() -> TaskChecks.student(task, data, clock));
    }
  }
}
