package io.tierwise.cli;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Where this program is installed and how it is run. */
final class Installation {
  private Installation() {}

  /** The checkout, as the launcher says; the working directory without it. */
  static Path home() {
    return Path.of(System.getProperty("tierwise.home", "")).toAbsolutePath();
  }

  /** The command that runs this command line again: the same JVM, options and class path. */
  static List<String> command() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Main.class.getName());
    return command;
  }
}
