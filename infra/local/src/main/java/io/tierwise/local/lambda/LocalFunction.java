package io.tierwise.local.lambda;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** One function: its warm sandboxes, and room for as many at once as it may have. */
final class LocalFunction implements AutoCloseable {
  private final FunctionSettings settings;
  private final Path log;
  private final Map<String, Sandbox> sandboxes;
  private final Semaphore room;
  private final ConcurrentLinkedDeque<Sandbox> warm = new ConcurrentLinkedDeque<>();
  private final Map<String, Sandbox> own = new ConcurrentHashMap<>();

  /**
   * @param sandboxes where the Runtime API finds them
   */
  LocalFunction(FunctionSettings settings, Path logs, Map<String, Sandbox> sandboxes) {
    this.settings = settings;
    this.log = logs.resolve(settings.name() + ".log");
    this.sandboxes = sandboxes;
    this.room = new Semaphore(settings.concurrency());
  }

  FunctionSettings settings() {
    return settings;
  }

  /**
   * @throws ThrottledException when all of the concurrency is taken
   */
  Outcome invoke(byte[] event, String runtimeApi) throws InterruptedException {
    if (!room.tryAcquire()) {
      throw new ThrottledException(settings.name());
    }
    try {
      return run(event, runtimeApi);
    } catch (IOException e) {
      throw new UncheckedIOException("a sandbox of " + settings.name() + " did not start", e);
    } finally {
      room.release();
    }
  }

  private Outcome run(byte[] event, String runtimeApi) throws IOException, InterruptedException {
    Sandbox sandbox = warm();
    Duration initialised = null;
    if (sandbox == null) {
      sandbox = new Sandbox(settings, log);
      own.put(sandbox.id(), sandbox);
      sandboxes.put(sandbox.id(), sandbox);
      long start = System.nanoTime();
      Invocation.Answer trouble = sandbox.start(runtimeApi);
      initialised = Duration.ofNanos(System.nanoTime() - start);
      if (trouble != null) {
        forget(sandbox);
        return new Outcome(trouble.payload(), "Unhandled", initialised, Duration.ZERO);
      }
    }
    long start = System.nanoTime();
    Invocation.Answer answer = sandbox.invoke(event, Instant.now().plus(settings.timeout()));
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    if (sandbox.alive()) {
      warm.push(sandbox);
    } else {
      forget(sandbox);
    }
    report(initialised, took);
    return new Outcome(answer.payload(), answer.failed() ? "Unhandled" : null, initialised, took);
  }

  private @Nullable Sandbox warm() {
    Sandbox sandbox = warm.poll();
    while (sandbox != null && !sandbox.alive()) {
      forget(sandbox);
      sandbox = warm.poll();
    }
    return sandbox;
  }

  private void forget(Sandbox sandbox) {
    sandbox.close();
    own.remove(sandbox.id());
    sandboxes.remove(sandbox.id());
  }

  /** The line that Lambda writes after every invocation. */
  private void report(@Nullable Duration initialised, Duration took) throws IOException {
    String line =
        String.format(
            Locale.ROOT,
            "REPORT Duration: %.2f ms Memory Size: %d MB%s%n",
            took.toNanos() / 1e6,
            settings.memoryMegabytes(),
            initialised == null
                ? ""
                : String.format(
                    Locale.ROOT, " Init Duration: %.2f ms", initialised.toNanos() / 1e6));
    Files.write(
        log,
        line.getBytes(StandardCharsets.UTF_8),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  void endGently(Duration patience) throws InterruptedException {
    for (Sandbox sandbox : own.values()) {
      sandbox.endGently(patience);
    }
  }

  long residentBytes() throws IOException {
    long bytes = 0;
    for (Sandbox sandbox : own.values()) {
      bytes += sandbox.residentBytes();
    }
    return bytes;
  }

  @Override
  public void close() {
    own.values().forEach(Sandbox::close);
  }
}
