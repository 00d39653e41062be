package io.tierwise.distill;

import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where a job will write. Asked before the work, as the writer refuses only after it. */
public final class NewDirectory {
  private NewDirectory() {}

  /**
   * @throws FileAlreadyExistsException when there is something already
   */
  public static void require(Path directory) throws FileAlreadyExistsException {
    if (Files.exists(directory)) {
      throw new FileAlreadyExistsException(
          directory.toString(), null, "a job never writes over anything; choose a new directory");
    }
  }
}
