package io.tierwise.gateway.flywheel;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * That one job at a time trains a task, whichever process it is of: a lock on a file under the data
 * directory. The operating system lets go of it when the process ends, in whatever way.
 */
public final class TaskLock implements AutoCloseable {
  private final FileChannel channel;
  private final FileLock lock;

  private TaskLock(FileChannel channel, FileLock lock) {
    this.channel = channel;
    this.lock = lock;
  }

  /** The lock, unless somebody has it. */
  public static Optional<TaskLock> tryAcquire(Path data, String task) throws IOException {
    Path file = folder(data).resolve(task + ".lock");
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      channel.close();
      return Optional.empty();
    }
    return Optional.of(new TaskLock(channel, lock));
  }

  /** Whether somebody has it. */
  public static boolean held(Path data, String task) throws IOException {
    try (TaskLock lock = tryAcquire(data, task).orElse(null)) {
      return lock == null;
    }
  }

  /** Where the jobs of a data directory work. */
  public static Path folder(Path data) throws IOException {
    return Files.createDirectories(data.resolve("flywheel"));
  }

  @Override
  public void close() throws IOException {
    lock.release();
    channel.close();
  }
}
