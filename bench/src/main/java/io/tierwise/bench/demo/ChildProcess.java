package io.tierwise.bench.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server of ours in a process of its own, which says on which address it listens. */
public final class ChildProcess implements AutoCloseable {
  private static final Pattern LISTENING = Pattern.compile("listening on (http://\\S+)");
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Process process;
  private final String url;

  private ChildProcess(Process process, String url) {
    this.process = process;
    this.url = url;
  }

  /**
   * Starts the process and waits until it listens.
   *
   * @param log receives its standard error
   * @throws IOException when it ends before it listens, with the end of its log
   */
  public static ChildProcess start(List<String> tierwise, List<String> arguments, Path log)
      throws IOException {
    return start(tierwise, arguments, Map.of(), log);
  }

  /**
   * The same with further variables in its environment.
   *
   * @throws IOException when it ends before it listens, with the end of its log
   */
  public static ChildProcess start(
      List<String> tierwise, List<String> arguments, Map<String, String> environment, Path log)
      throws IOException {
    List<String> command = new ArrayList<>(tierwise);
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    BufferedReader output = process.inputReader();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      Matcher listening = LISTENING.matcher(line);
      if (listening.find()) {
        // Not a virtual thread: waiting for a pipe it holds its carrier, and the carrier that
        // stands
        // in for it retires after 30 idle seconds. Two children on two cores then stop all others.
        Thread.ofPlatform()
            .daemon()
            .name("output-of-" + process.pid())
            .start(() -> output.lines().forEach(ignored -> {}));
        return new ChildProcess(process, listening.group(1));
      }
    }
    throw new IOException(
        "'" + arguments.getFirst() + "' did not start; " + log + " ends: " + tail(log));
  }

  public String url() {
    return url;
  }

  public long pid() {
    return process.pid();
  }

  /** Asks it to drain; ends it by force only when it does not. */
  @Override
  public void close() {
    end(process);
  }

  /** Asks a process to end, and ends it by force when it does not within 20 seconds. */
  public static void end(Process process) {
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private static String tail(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
  }
}
