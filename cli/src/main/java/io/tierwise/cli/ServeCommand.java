package io.tierwise.cli;

import io.tierwise.aws.sagemaker.InvokeEndpoint;
import io.tierwise.gateway.Gateway;
import io.tierwise.gateway.Services;
import io.tierwise.gateway.config.TierwiseConfig;
import io.tierwise.gateway.config.TierwiseConfig.Protocol;
import io.tierwise.gateway.server.HttpServer;
import io.tierwise.gateway.telemetry.GenAiSpans;
import io.tierwise.gateway.tier.Surroundings;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.regions.Region;

/** {@code tierwise serve}: the gateway on this machine. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    header = "Runs the gateway on this machine.",
    description = {
      "Serves the configured tasks in the OpenAI dialect until interrupted, then drains.",
      "A change of the configuration is taken up while it runs; see docs/configuration.md.",
      "The first start prints one API key, this once; more come from 'tierwise keys add'."
    })
final class ServeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ConfigOption config;

  @Option(
      names = "--seed",
      description = "Draw audits and retry pauses from this seed: for demos and comparisons.")
  private @Nullable Long seed;

  @Override
  public Integer call() throws IOException, InterruptedException {
    TierwiseConfig loaded = config.load();
    RandomGenerator random = seed == null ? unforeseen() : new Random(seed);
    PrintWriter out = spec.commandLine().getOut();
    String host = loaded.server().host();
    HttpServer.requireFree(host, loaded.server().port());
    Gateway gateway =
        Gateway.open(
            loaded, Surroundings.of(Clock.systemUTC(), random), System::getenv, services(loaded));
    HttpServer server;
    GenAiSpans spans;
    try {
      gateway
          .firstKey()
          .ifPresent(key ->
              out.printf("First key (shown this once), tenant default: %s%n", key.secretKey()));
      gateway.follow(config.file());
      gateway.keepLearning(new JobProcesses(config.file(), loaded.data()));
      spans = spans(loaded);
      if (spans != null) {
        gateway.tell(spans);
      }
      server = HttpServer.start(gateway, loaded.server());
    } catch (RuntimeException e) {
      gateway.close();
      throw e;
    }
    Foreground.run(
        new Running(gateway, server, spans),
        running -> {
          String url = "http://" + host + ":" + running.server().port();
          out.println("listening on " + url);
          out.println(
              "console at " + url + "/console; its key comes from 'tierwise keys add --admin'");
        });
    return 0;
  }

  /** Bedrock without a key of its own knows its callers by a signature of AWS's credentials. */
  private static Services services(TierwiseConfig config) {
    boolean signed =
        config.upstreams().values().stream()
            .anyMatch(each -> each.protocol() == Protocol.BEDROCK && each.apiKeyFrom() == null);
    return signed
        ? Services.local()
            .signedBy(
                new InvokeEndpoint(
                    DefaultCredentialsProvider.builder().build(),
                    Region.US_EAST_1,
                    Optional.empty()))
        : Services.local();
  }

  /** To the collector of the configuration; null for none. */
  private static @Nullable GenAiSpans spans(TierwiseConfig config) {
    String collector = config.telemetry().otlp();
    return collector == null ? null : GenAiSpans.to(URI.create(collector));
  }

  /** Quick, and begun where nobody can know: no draw of it is ever shown. */
  private static RandomGenerator unforeseen() {
    return new SplittableRandom(new SecureRandom().nextLong());
  }

  /** Closed as a whole before the process may end: callers first, then what works for them. */
  private record Running(Gateway gateway, HttpServer server, @Nullable GenAiSpans spans)
      implements AutoCloseable {
    @Override
    public void close() {
      try (spans;
          gateway) {
        server.close();
      }
    }
  }
}
