package io.tierwise.aws.lambda;

import java.nio.file.Files;
import java.nio.file.Path;

/** Native libraries that lie unpacked in a package: nothing is extracted at start. */
final class Natives {
  private Natives() {}

  static void usePackaged(Path taskRoot) {
    Path directory = taskRoot.resolve("native");
    if (Files.exists(directory.resolve("libonnxruntime.so"))) {
      System.setProperty("onnxruntime.native.path", directory.toString());
    }
  }
}
