package io.tierwise.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** {@code tierwise serve} in a process of its own, as the launcher starts it. */
final class ServeProcess implements AutoCloseable {
  private static final Path HOME = Path.of(System.getProperty("tierwise.home"));
  private static final String END = "(the process has ended)";

  private final Process process;
  private final BlockingQueue<String> unread = new LinkedBlockingQueue<>();
  private final List<String> said = new ArrayList<>();
  private final List<ProcessHandle> started = new ArrayList<>();

  private ServeProcess(Process process) {
    this.process = process;
  }

  static ServeProcess start(Path config) throws IOException {
    String classPath = HOME + "/cli/target/tierwise-cli.jar:" + HOME + "/cli/target/lib/*";
    ServeProcess serve =
        new ServeProcess(
            new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:-UsePerfData",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    "-Dai.djl.offline=true",
                    "-Dtierwise.home=" + HOME,
                    "-cp",
                    classPath,
                    "io.tierwise.cli.Main",
                    "serve",
                    "--config",
                    config.toString())
                .redirectErrorStream(true)
                .start());
    Thread.ofPlatform().daemon().start(serve::listen);
    return serve;
  }

  private void listen() {
    try (BufferedReader reader = process.inputReader(UTF_8)) {
      reader.lines().forEach(unread::add);
    } catch (IOException | RuntimeException e) {
      // A killed process may take its last words with it.
    }
    unread.add(END);
  }

  /** The next line like this; waits for it. */
  String await(Predicate<String> wanted) throws InterruptedException {
    while (true) {
      String line = unread.take();
      said.add(line);
      if (wanted.test(line)) {
        return line;
      }
      if (line.equals(END)) {
        throw new IllegalStateException("it ended: " + said);
      }
    }
  }

  /** Waits until it listens; its address. */
  String url() throws InterruptedException {
    return await(line -> line.startsWith("listening on ")).substring("listening on ".length());
  }

  /** Waits until it ends; its exit status. */
  int end() throws InterruptedException {
    await(line -> line.equals(END));
    return process.waitFor();
  }

  /** Lets some time go by, for whatever else runs here; whether it still runs after that. */
  boolean runsFor(Duration pause) throws InterruptedException {
    return !process.waitFor(pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** What was read of it so far. */
  List<String> said() {
    return said;
  }

  /** SIGTERM; waits until it has drained and ended. */
  void stop() throws InterruptedException {
    process.destroy();
    end();
  }

  /** SIGKILL to the processes that it has started. */
  void killChildren() {
    process.children().forEach(ProcessHandle::destroyForcibly);
  }

  /** SIGKILL. What it has started lives on until {@link #close}, as it does on a user's box. */
  void kill() {
    process.descendants().forEach(started::add);
    process.destroyForcibly();
    process.onExit().join();
  }

  /** Kills it and what it has started: a job left behind would take a core from the next. */
  @Override
  public void close() {
    kill();
    started.forEach(ProcessHandle::destroyForcibly);
    started.forEach(each -> each.onExit().join());
  }
}
