package io.tierwise.bench.speed;

import java.nio.file.Path;
import java.util.List;

/**
 * The programs that are measured, each a command.
 *
 * @param tierwise runs this command line
 * @param java runs a main class of this program's class path, to be followed by its name
 * @param echo a server on the gateway's own HTTP server that sends every body back
 * @param cache where what is installed is kept
 */
public record Programs(List<String> tierwise, List<String> java, List<String> echo, Path cache) {
  public Programs {
    tierwise = List.copyOf(tierwise);
    java = List.copyOf(java);
    echo = List.copyOf(echo);
  }
}
