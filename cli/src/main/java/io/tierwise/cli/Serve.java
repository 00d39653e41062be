package io.tierwise.cli;

import io.tierwise.aws.sagemaker.InvokeEndpoint;
import io.tierwise.gateway.Gateway;
import io.tierwise.gateway.Services;
import io.tierwise.gateway.config.ConfigFile;
import io.tierwise.gateway.config.TierwiseConfig;
import io.tierwise.gateway.config.TierwiseConfig.Protocol;
import io.tierwise.gateway.server.HttpServer;
import io.tierwise.gateway.telemetry.GenAiSpans;
import io.tierwise.gateway.tier.Surroundings;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.regions.Region;

/**
 * What {@code tierwise serve} does, whoever has understood its arguments.
 *
 * @param seed of audits and retry pauses; null for one that nobody knows
 */
record Serve(Path config, @Nullable Long seed) {
  private static final int WORDS_OF_AN_OPTION = 2;

  /**
   * The arguments as a script writes them: {@code serve}, and each option once, apart from its
   * value. A start need not wait for picocli, whose classes no cache can hold. Empty where they are
   * written otherwise, ask for help or are wrong, which picocli knows all about.
   */
  static Optional<Serve> plain(String... arguments) {
    if (arguments.length % WORDS_OF_AN_OPTION == 0 || !arguments[0].equals(ServeCommand.NAME)) {
      return Optional.empty();
    }
    Path config = null;
    Long seed = null;
    for (int i = 1; i < arguments.length; i += WORDS_OF_AN_OPTION) {
      String value = arguments[i + 1];
      if (arguments[i].equals(ConfigOption.NAME) && config == null && isPlain(value)) {
        config = Path.of(value);
      } else if (arguments[i].equals(ServeCommand.SEED) && seed == null && isSmallNumber(value)) {
        seed = Long.valueOf(value);
      } else {
        return Optional.empty();
      }
    }
    return Optional.of(new Serve(config == null ? Path.of(ConfigOption.USUAL) : config, seed));
  }

  /** A value that picocli takes neither for an option nor for a file of arguments. */
  private static boolean isPlain(String value) {
    return !value.isEmpty() && value.charAt(0) != '-' && value.charAt(0) != '@';
  }

  private static boolean isSmallNumber(String value) {
    return value.length() <= 9
        && !value.isEmpty()
        && value.chars().allMatch(each -> each >= '0' && each <= '9');
  }

  /** Serves until the process is told to stop. */
  int run(PrintWriter out) throws IOException, InterruptedException {
    TierwiseConfig loaded = ConfigFile.load(config);
    RandomGenerator random = seed == null ? unforeseen() : new Random(seed);
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
      gateway.follow(config);
      gateway.keepLearning(new JobProcesses(config, loaded.data()));
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
