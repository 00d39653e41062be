package io.tierwise.cli;

import io.tierwise.gateway.config.TierwiseConfig;
import io.tierwise.gateway.config.TierwiseConfig.TaskConfig;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A task of the configuration, the same for every job. */
final class TaskOption {
  @Mixin private ConfigOption config;

  @Option(names = "--task", required = true, description = "A task of the configuration.")
  private String name;

  /** The whole configuration and the task in it. */
  record Chosen(TierwiseConfig config, TaskConfig settings) {
    Task.Classification task() {
      return new Task.Classification(
          settings.name(), settings.labels().stream().map(Label::new).toList());
    }
  }

  /** The configuration's file. */
  Path file() {
    return config.file();
  }

  Chosen load() throws IOException {
    return choose(config.load(), "--task", name);
  }

  /** The task, or a chat's router. */
  Chosen loadContract() throws IOException {
    return chooseContract(config.load(), "--task", name);
  }

  /**
   * @param option what the name was given as
   * @throws InvalidValueException when there is no such task
   */
  static Chosen choose(TierwiseConfig config, String option, String name) {
    return choose(config, config.tasks(), option, name);
  }

  /** The same among all that has a contract: chats have one, too. */
  static Chosen chooseContract(TierwiseConfig config, String option, String name) {
    return choose(config, config.contracts(), option, name);
  }

  private static Chosen choose(
      TierwiseConfig config, List<TaskConfig> among, String option, String name) {
    return among.stream()
        .filter(task -> task.name().equals(name))
        .findFirst()
        .map(task -> new Chosen(config, task))
        .orElseThrow(() ->
            new InvalidValueException(
                option,
                "'" + name + "' is not in the configuration",
                "name one of " + among.stream().map(TaskConfig::name).toList()));
  }
}
