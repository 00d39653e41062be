package io.tierwise.local.lambda;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One process of one function: its runtime polls for one event after the other. */
final class Sandbox implements AutoCloseable {
  private static final Duration LONGEST_INIT = Duration.ofSeconds(10);
  private static final String CLIENT = "com.amazonaws.services.lambda.runtime.api.client.AWSLambda";

  private final String id = UUID.randomUUID().toString();
  private final FunctionSettings settings;
  private final Path log;
  private final LinkedBlockingQueue<Invocation> waiting = new LinkedBlockingQueue<>();
  private final CompletableFuture<Invocation.Answer> initialised = new CompletableFuture<>();
  private @Nullable Process process;
  private volatile @Nullable Invocation current;
  private volatile boolean closed;

  Sandbox(FunctionSettings settings, Path log) {
    this.settings = settings;
    this.log = log;
  }

  String id() {
    return id;
  }

  /**
   * Starts the process and waits until its runtime asks for the first event.
   *
   * @return null when it is ready; what it reported when it is not
   */
  Invocation.@Nullable Answer start(String runtimeApi) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command());
    builder.directory(settings.folder().toFile());
    builder.redirectErrorStream(true).redirectOutput(Redirect.appendTo(log.toFile()));
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("AWS_") || name.startsWith("TIERWISE_"));
    environment.putAll(SandboxEnvironment.of(settings, runtimeApi + "/sandbox/" + id));
    Process started = builder.start();
    process = started;
    Thread.ofVirtual().name("end-of-" + id).start(() -> awaitEnd(started));
    try {
      Invocation.Answer answer = initialised.get(LONGEST_INIT.toMillis(), TimeUnit.MILLISECONDS);
      return answer.failed() ? answer : null;
    } catch (TimeoutException e) {
      return error("Sandbox.Timedout", "INIT took longer than " + LONGEST_INIT.toSeconds() + " s");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private List<String> command() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + settings.memoryMegabytes() * 3 / 4 + "m");
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.add("-Dorg.crac.Core.Compat=com.amazonaws.services.lambda.crac");
    command.addAll(settings.javaOptions());
    List<String> classPath = new ArrayList<>(List.of(RuntimeClient.classPath()));
    classPath.addAll(settings.jars());
    command.addAll(List.of("-cp", String.join(File.pathSeparator, classPath)));
    command.addAll(List.of(CLIENT, settings.handler()));
    return command;
  }

  /** Hands an event over and waits for its answer; what takes too long ends the process. */
  Invocation.Answer invoke(byte[] event, Instant deadline) throws InterruptedException {
    Invocation invocation =
        new Invocation(UUID.randomUUID().toString(), event, deadline, new CompletableFuture<>());
    current = invocation;
    waiting.add(invocation);
    try {
      return invocation.answer().get(settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      close();
      String seconds = String.format("%.2f", settings.timeout().toMillis() / 1000.0);
      return error(
          "Sandbox.Timedout", invocation.id() + " Task timed out after " + seconds + " seconds");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } finally {
      current = null;
    }
  }

  /** The runtime is ready for an event; waits until there is one. */
  @Nullable Invocation next() throws InterruptedException {
    initialised.complete(new Invocation.Answer(new byte[0], false));
    while (!closed) {
      Invocation invocation = waiting.poll(1, TimeUnit.SECONDS);
      if (invocation != null) {
        return invocation;
      }
    }
    return null;
  }

  /** The runtime could not start. */
  void initFailed(byte[] error) {
    initialised.complete(new Invocation.Answer(error, true));
  }

  /** The runtime reports what came of an event. */
  void report(String invocation, byte[] payload, boolean failed) {
    Invocation now = current;
    if (now != null && now.id().equals(invocation)) {
      now.answer().complete(new Invocation.Answer(payload, failed));
    }
  }

  private void awaitEnd(Process process) {
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Invocation.Answer answer =
        error("Runtime.ExitError", "Runtime exited with error: exit status " + process.exitValue());
    closed = true;
    initialised.complete(answer);
    Invocation now = current;
    if (now != null) {
      now.answer().complete(answer);
    }
  }

  static Invocation.Answer error(String type, String message) {
    String json = "{\"errorType\":\"%s\",\"errorMessage\":\"%s\"}".formatted(type, message);
    return new Invocation.Answer(json.getBytes(StandardCharsets.UTF_8), true);
  }

  boolean atWork() {
    return current != null;
  }

  boolean alive() {
    Process now = process;
    return !closed && now != null && now.isAlive();
  }

  /** Asks the process to end, and waits until it has done what it does at its end. */
  void endGently(Duration patience) throws InterruptedException {
    Process now = process;
    if (now != null) {
      now.destroy();
      now.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
    }
    close();
  }

  /** The memory that the process holds now, in bytes; 0 where it does not run. */
  long residentBytes() throws IOException {
    Process now = process;
    return now == null || !now.isAlive() ? 0 : ResidentMemory.of(now.pid());
  }

  @Override
  public void close() {
    closed = true;
    Process now = process;
    if (now != null) {
      now.destroyForcibly();
    }
  }
}
