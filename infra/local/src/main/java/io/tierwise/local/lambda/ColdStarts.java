package io.tierwise.local.lambda;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * How long a function takes from its process's start to its first answer. All of its jars are on
 * the class path, one by one and in order, as in a container image: an AOT cache holds classes of
 * that path alone.
 */
public final class ColdStarts {
  /** Characters of a log, where a start fails. */
  private static final int SHOWN = 2000;

  private static final Duration TRAINING = Duration.ofMinutes(2);

  private final FunctionSettings function;
  private final byte[] event;
  private final Path logs;

  /**
   * @param function as deployed
   * @param event answered first
   */
  public ColdStarts(FunctionSettings function, byte[] event, Path logs) {
    this.function = function;
    this.event = event.clone();
    this.logs = logs;
  }

  /** One start. */
  public record Start(Duration init, Duration answer) {
    public Duration both() {
      return init.plus(answer);
    }
  }

  /** Starts it once, with what it loaded and linked written to a cache when it ends. */
  public void train(Path cache) throws IOException, InterruptedException {
    FunctionSettings training = flat("-XX:AOTCacheOutput=" + cache);
    try (LambdaServer server = LambdaServer.start(List.of(training), logs, 0)) {
      answer(server);
      server.endGently(function.name(), TRAINING);
    }
    if (!Files.exists(cache)) {
      throw new IOException("no AOT cache was written; " + logs + " may say why");
    }
  }

  /** Starts it anew with a cache. */
  public Start with(Path cache) throws IOException, InterruptedException {
    return start(flat("-XX:AOTCache=" + cache));
  }

  /** Starts it anew as it is. */
  public Start without() throws IOException, InterruptedException {
    return start(flat());
  }

  private Start start(FunctionSettings settings) throws IOException, InterruptedException {
    try (LambdaServer server = LambdaServer.start(List.of(settings), logs, 0)) {
      return answer(server);
    }
  }

  private Start answer(LambdaServer server) throws IOException, InterruptedException {
    Outcome outcome = server.invoke(function.name(), event);
    Duration init = outcome.initialised();
    if (outcome.functionError() != null || init == null) {
      String said = Files.readString(logs.resolve(function.name() + ".log"));
      throw new IOException(
          function.name()
              + " failed; the end of its log: "
              + said.substring(Math.max(0, said.length() - SHOWN)));
    }
    return new Start(init, outcome.took());
  }

  private FunctionSettings flat(String... options) throws IOException {
    List<String> all = new ArrayList<>(function.javaOptions());
    all.addAll(List.of(options));
    try (Stream<Path> jars = Files.list(function.folder().resolve("lib"))) {
      return new FunctionSettings(
          function.name(),
          function.folder(),
          function.handler(),
          function.memoryMegabytes(),
          function.timeout(),
          function.concurrency(),
          function.environment(),
          function.snapStart(),
          all,
          jars.map(Path::toString).filter(jar -> jar.endsWith(".jar")).sorted().toList());
    }
  }
}
