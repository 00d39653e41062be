package io.tierwise.student.registry;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/** {@link RegistryMover} on a directory, the first argument, as a process of its own. */
final class DirectoryMover {
  private DirectoryMover() {}

  public static void main(String[] arguments) throws IOException {
    RegistryMover.run(
        new DirectoryRegistry(Path.of(arguments[0]), Clock.systemUTC()),
        List.of(arguments).subList(1, arguments.length));
  }
}
