package io.tierwise.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.gateway.config.ConfigException;
import io.tierwise.gateway.config.ConfigProblem;
import io.tierwise.gateway.config.TierwiseConfig;
import io.tierwise.gateway.config.TierwiseConfig.TaskConfig;
import io.tierwise.router.request.InputForm;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tierwise config check}. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = "Says everything that is wrong with the configuration, or that nothing is.")
final class ConfigCheckCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ConfigOption config;

  @Option(names = "--json", description = "One JSON object instead of text.")
  private boolean json;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try {
      TierwiseConfig loaded = config.load();
      out.println(json ? object(List.of(), loaded) : summary(loaded));
      return 0;
    } catch (ConfigException e) {
      if (json) {
        out.println(object(e.problems(), null));
      } else {
        e.problems().forEach(out::println);
      }
      return Main.REFUSED;
    }
  }

  private String summary(TierwiseConfig loaded) {
    return "%s can be used: tasks %s; upstreams %s; listens on %s:%d; data in %s"
        .formatted(
            config.file(),
            loaded.tasks().stream()
                .map(ConfigCheckCommand::words)
                .collect(Collectors.joining(", ")),
            String.join(", ", loaded.upstreams().keySet()),
            loaded.server().host(),
            loaded.server().port(),
            loaded.data());
  }

  private static String words(TaskConfig task) {
    return switch (task.input()) {
      case InputForm.Text text -> task.name();
      case InputForm.Features features -> task.name() + " (" + features + ")";
    };
  }

  private ObjectNode object(List<ConfigProblem> problems, @Nullable TierwiseConfig loaded) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("file", config.file().toString()).put("usable", loaded != null);
    var list = root.putArray("problems");
    for (ConfigProblem problem : problems) {
      list.addObject()
          .put("file", problem.file().toString())
          .put("line", problem.line())
          .put("field", problem.field())
          .put("trouble", problem.trouble())
          .put("fix", problem.fix());
    }
    if (loaded != null) {
      var tasks = root.putArray("tasks");
      loaded.tasks().forEach(task -> tasks.add(task.name()));
    }
    return root;
  }
}
