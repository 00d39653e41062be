package io.tierwise.cli;

import io.tierwise.local.lambda.Template;
import io.tierwise.local.pack.Architecture;
import io.tierwise.local.pack.FunctionPackage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The installation's functions and their packages. */
final class Functions {
  private Functions() {}

  /**
   * Builds the packages of all functions.
   *
   * @param place the folder's name in each function's {@code target/}
   * @param artifact goes into the student function's package; null for none
   * @return the folders by the functions' names
   */
  static Map<String, Path> build(
      Path home, String place, Architecture architecture, @Nullable Path artifact)
      throws IOException {
    Map<String, Path> folders = new LinkedHashMap<>();
    for (Template.Function function : Template.read(home).functions()) {
      Path module = home.resolve("functions").resolve(function.name());
      Path folder = module.resolve("target").resolve(place);
      FunctionPackage.build(module, folder, architecture);
      Path config = module.resolve("tierwise.yaml");
      if (Files.exists(config)) {
        Files.copy(config, folder.resolve("tierwise.yaml"), StandardCopyOption.REPLACE_EXISTING);
        FunctionPackage.include(home.resolve("infra/prices"), folder.resolve("infra/prices"));
      }
      if (function.name().equals("student") && artifact != null) {
        FunctionPackage.include(artifact, folder.resolve("artifact"));
      }
      folders.put(function.name(), folder);
    }
    return folders;
  }
}
