package io.tierwise.student.registry;

import java.io.IOException;
import java.util.List;

/** Moves live again and again, for tests in which others do so too. */
public final class RegistryMover {
  private RegistryMover() {}

  /**
   * @param arguments the task, a name to go into the reasons, how many moves, and the versions
   */
  public static void run(Registry registry, List<String> arguments) throws IOException {
    List<String> versions = arguments.subList(3, arguments.size());
    for (int i = 0; i < Integer.parseInt(arguments.get(2)); i++) {
      String version = versions.get(i % versions.size());
      registry.point(arguments.get(0), Registry.LIVE, version, arguments.get(1) + " " + i);
    }
  }
}
