package io.tierwise.bench.load;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Main classes of this program's own class path, each in a process of its own. */
public final class JavaProcess {
  private JavaProcess() {}

  /** The command that runs a main class of this class path, to be followed by its name. */
  public static List<String> java(String... options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    return command;
  }

  static ProcessBuilder of(List<String> java, String mainClass) {
    List<String> command = new ArrayList<>(java);
    command.add(mainClass);
    return new ProcessBuilder(command);
  }
}
