package io.tierwise.gateway.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Another process that runs a main class of the tests; killed when closed. */
public final class ChildProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader output;

  private ChildProcess(Process process) {
    this.process = process;
    this.output = process.inputReader(UTF_8);
  }

  public static ChildProcess run(Class<?> main, String... arguments) throws IOException {
    return start(List.of(), main, arguments);
  }

  /** The same, for a process that may make no file longer than this many blocks. */
  public static ChildProcess runWithFileLimit(int blocks, Class<?> main, String... arguments)
      throws IOException {
    String limited = "ulimit -f " + blocks + " && exec \"$0\" \"$@\"";
    return start(List.of("/bin/sh", "-c", limited), main, arguments);
  }

  /** The same, for a process that may have no more files and connections open than this. */
  public static ChildProcess runWithDescriptors(int most, Class<?> main, String... arguments)
      throws IOException {
    String limited = "ulimit -n " + most + " && exec \"$0\" \"$@\"";
    return start(List.of("/bin/sh", "-c", limited), main, arguments);
  }

  private static ChildProcess start(List<String> before, Class<?> main, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(before);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:-UsePerfData",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-Dtierwise.home=" + System.getProperty("tierwise.home"),
            "-cp",
            System.getProperty("java.class.path"),
            main.getName()));
    command.addAll(List.of(arguments));
    return new ChildProcess(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** Its next line of output; waits for it. */
  public String line() throws IOException {
    String line = output.readLine();
    if (line == null) {
      throw new IOException("the child has ended");
    }
    return line;
  }

  /** As many lines as it has still to say, until it ends. */
  public List<String> remainingLines() {
    return output.lines().toList();
  }

  /** Gives it no chance to put anything in order. */
  public void kill() {
    // Through its handle: the process itself would close its output, and with it the last lines.
    process.toHandle().destroyForcibly();
    process.onExit().join();
  }

  @Override
  public void close() {
    kill();
  }
}
