package io.tierwise.gateway.flywheel;

import io.tierwise.student.file.SoleUse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** That one job at a time trains a task, whichever process it is of. */
public final class TaskLock {
  private TaskLock() {}

  /** The right to train it, unless somebody has it. */
  public static Optional<SoleUse> tryAcquire(Path data, String task) throws IOException {
    return SoleUse.tryAcquire(folder(data).resolve(task + ".lock"));
  }

  /** Whether somebody has it. */
  public static boolean held(Path data, String task) throws IOException {
    try (SoleUse lock = tryAcquire(data, task).orElse(null)) {
      return lock == null;
    }
  }

  /** Where the jobs of a data directory work. */
  public static Path folder(Path data) throws IOException {
    return Files.createDirectories(data.resolve("flywheel"));
  }
}
