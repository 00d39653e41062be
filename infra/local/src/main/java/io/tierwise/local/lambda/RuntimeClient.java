package io.tierwise.local.lambda;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The jars of AWS's runtime interface client, from this process's own class path. */
final class RuntimeClient {
  private static final List<String> JARS =
      List.of(
          "aws-lambda-java-runtime-interface-client-",
          "aws-lambda-java-core-",
          "aws-lambda-java-serialization-",
          "utils-lite-");

  private RuntimeClient() {}

  static String classPath() {
    List<String> found = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      String name = Path.of(entry).getFileName().toString();
      if (JARS.stream().anyMatch(name::startsWith)) {
        found.add(Path.of(entry).toAbsolutePath().toString());
      }
    }
    if (found.size() != JARS.size()) {
      throw new IllegalStateException("the runtime interface client is not on the class path");
    }
    return String.join(File.pathSeparator, found);
  }
}
