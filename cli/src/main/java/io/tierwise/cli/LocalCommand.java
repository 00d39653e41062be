package io.tierwise.cli;

import io.tierwise.gateway.config.ConfigFile;
import io.tierwise.gateway.config.TierwiseConfig;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.store.KeyStore;
import io.tierwise.local.lambda.LocalCloud;
import io.tierwise.local.lambda.Template;
import io.tierwise.local.pack.Architecture;
import io.tierwise.router.request.Tenant;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tierwise local}: the cloud's shape on this machine. */
@Command(
    name = "local",
    mixinStandardHelpOptions = true,
    header = "Runs the whole of template.yaml on this machine, without Docker or AWS.",
    description = {
      "Every function is a real process under AWS's runtime interface client, behind the Runtime",
      "API, the Invoke API, the queue of audits and an HTTP API with the template's routes.",
      "The configuration's endpoints must be reachable: 'tierwise teacher' is one."
    })
final class LocalCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ConfigOption config;

  @Option(
      names = "--port",
      defaultValue = "3000",
      description = "Of the HTTP API (default: ${DEFAULT-VALUE}); 0 picks a free one.")
  private int port;

  @Option(
      names = "--concurrency",
      defaultValue = "4",
      description = "Sandboxes of each function at most (default: ${DEFAULT-VALUE}).")
  private int concurrency;

  @Override
  public Integer call() throws IOException, InterruptedException {
    TierwiseConfig loaded = ConfigFile.load(config.file());
    Path home = Installation.home();
    PrintWriter out = spec.commandLine().getOut();
    Map<String, Path> folders = Functions.build(home, "local", Architecture.own(), null);
    issueFirstKey(loaded.data(), out);
    LocalCloud cloud =
        LocalCloud.start(
            new LocalCloud.Settings(
                Template.read(home),
                folders,
                config.file(),
                loaded.data(),
                loaded.tasks().stream()
                    .map(TierwiseConfig.TaskConfig::name)
                    .collect(Collectors.joining(",")),
                port,
                concurrency,
                Map.of(),
                List.of()));
    Foreground.run(
        cloud,
        running ->
            out.printf(
                "HTTP API on %s/v1%nInvoke API on %s%nlogs in %s%n",
                running.url(), running.lambda().url(), loaded.data().resolve("logs")));
    return 0;
  }

  /** The gateway function would log it, where nobody looks. */
  private static void issueFirstKey(Path data, PrintWriter out) {
    try (Database database = Database.open(data)) {
      KeyStore keys = new KeyStore(database, Clock.systemUTC(), new SecureRandom());
      if (keys.isEmpty()) {
        String key = keys.add(new Tenant("default"), "made at the first start").secretKey();
        out.printf("First key (shown this once), tenant default: %s%n", key);
      }
    }
  }
}
