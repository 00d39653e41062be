package io.tierwise.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tierwise serve}: the gateway on this machine. */
@Command(
    name = ServeCommand.NAME,
    mixinStandardHelpOptions = true,
    header = "Runs the gateway on this machine.",
    description = {
      "Serves the configured tasks in the OpenAI dialect until interrupted, then drains.",
      "A change of the configuration is taken up while it runs; see docs/configuration.md.",
      "The first start prints one API key, this once; more come from 'tierwise keys add'."
    })
final class ServeCommand implements Callable<Integer> {
  static final String NAME = "serve";
  static final String SEED = "--seed";

  @Spec private CommandSpec spec;
  @Mixin private ConfigOption config;

  @Option(
      names = SEED,
      description = "Draw audits and retry pauses from this seed: for demos and comparisons.")
  private @Nullable Long seed;

  Serve serve() {
    return new Serve(config.file(), seed);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    return serve().run(spec.commandLine().getOut());
  }
}
