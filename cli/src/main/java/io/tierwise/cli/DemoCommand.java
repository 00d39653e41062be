package io.tierwise.cli;

import io.tierwise.bench.demo.Demo;
import io.tierwise.bench.demo.DemoOptions;
import io.tierwise.router.contract.Contract;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tierwise demo}: the main job, end to end. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    header = "The main job, end to end, on texts that ship with it.",
    description = {
      "Sends a support desk's questions through a gateway to a large model, distils a student from",
      "its answers, certifies it, and lets it take over what it can. Real processes, no network."
    })
final class DemoCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ProgressOption progress;

  @Option(
      names = "--requests",
      defaultValue = "4000",
      description = "Length of the stream (default: ${DEFAULT-VALUE}).")
  private int requests;

  @Option(names = "--seed", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(names = "--epsilon", defaultValue = "0.05", description = "Default: ${DEFAULT-VALUE}.")
  private double epsilon;

  @Option(names = "--delta", defaultValue = "0.05", description = "Default: ${DEFAULT-VALUE}.")
  private double delta;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where everything is kept; emptied first (default: .tierwise/demo).")
  private @Nullable Path data;

  @Option(
      names = "--port",
      defaultValue = "0",
      description = "Of the gateway; 0, the default, picks a free one.")
  private int port;

  @Option(names = "--keep", description = "Leave the gateway serving until Ctrl-C.")
  private boolean keep;

  @Option(names = "--json", description = "End with one JSON object on the last line.")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    Path home = Installation.home();
    Path work = data != null ? data : home.resolve(".tierwise/demo");
    PrintWriter out = spec.commandLine().getOut();
    DemoOptions options =
        new DemoOptions(
            home,
            work.toAbsolutePath(),
            Installation.cache(),
            requests,
            seed,
            new Contract(epsilon, delta),
            port,
            keep,
            Installation.command());
    Demo.Finished finished = Demo.run(options, out, progress.watch());
    progress.done();
    if (json) {
      out.println(finished.outcome().toLine());
      out.flush();
    }
    if (keep) {
      Foreground.run(finished.serving(), serving -> out.println("Ctrl-C ends it."));
    }
    return 0;
  }
}
