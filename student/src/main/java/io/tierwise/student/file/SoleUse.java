package io.tierwise.student.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * That one at a time uses something, of this process or another: a lock on a file. The operating
 * system lets go of it when the process ends, in whatever way.
 */
public final class SoleUse implements AutoCloseable {
  private final FileChannel channel;
  private final FileLock lock;

  private SoleUse(FileChannel channel, FileLock lock) {
    this.channel = channel;
    this.lock = lock;
  }

  /**
   * The use, unless somebody has it.
   *
   * @param file is made where there is none, and stays; its directory must exist
   */
  public static Optional<SoleUse> tryAcquire(Path file) throws IOException {
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
    return Optional.of(new SoleUse(channel, lock));
  }

  @Override
  public void close() throws IOException {
    lock.release();
    channel.close();
  }
}
