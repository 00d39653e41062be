package io.tierwise.student.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Writes that survive a crash or a power cut: content is on the disk before the name that shows it.
 */
public final class DurableFiles {
  private static final String PARTIAL = ".partial-";

  private DurableFiles() {}

  /** Where the content of {@code target} is prepared: beside it, so that a rename is atomic. */
  public static Path partial(Path target) {
    return target.resolveSibling(PARTIAL + target.getFileName());
  }

  /** Whether a name is that of a {@link #partial}: work under way, or cut off. */
  public static boolean isPartial(Path path) {
    return path.getFileName().toString().startsWith(PARTIAL);
  }

  /** Writes a new file and waits until it is on the disk; its directory is not synced. */
  public static void write(Path file, byte[] content) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      writeFully(channel, content);
    }
  }

  /** Puts a file in the place of another, or of none: readers see the old one or the new one. */
  public static void replace(Path file, byte[] content) throws IOException {
    Path partial = partial(file);
    Files.deleteIfExists(partial);
    write(partial, content);
    Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    syncParent(file);
  }

  /** Adds to the end of a file, which is made where there is none. */
  public static void append(Path file, byte[] content) throws IOException {
    boolean fresh = !Files.exists(file);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      writeFully(channel, content);
    }
    if (fresh) {
      syncParent(file);
    }
  }

  /**
   * Gives a prepared directory its name.
   *
   * @throws java.nio.file.FileSystemException where {@code target} is there already and not empty
   */
  public static void show(Path partial, Path target) throws IOException {
    sync(partial);
    Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
    syncParent(target);
  }

  /**
   * Takes a directory's name away, so that it can be deleted piece by piece.
   *
   * @return where it lies now
   */
  public static Path hide(Path target) throws IOException {
    Path partial = partial(target);
    delete(partial);
    Files.move(target, partial, StandardCopyOption.ATOMIC_MOVE);
    syncParent(target);
    return partial;
  }

  /** Deletes a file, or a directory with all in it; nothing happens where there is none. */
  public static void delete(Path path) throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    List<Path> deepestFirst;
    try (Stream<Path> all = Files.walk(path)) {
      deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : deepestFirst) {
      Files.delete(each);
    }
  }

  private static void writeFully(FileChannel channel, byte[] content) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(content);
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    channel.force(true);
  }

  private static void syncParent(Path path) throws IOException {
    Path parent = path.toAbsolutePath().getParent();
    if (parent != null) {
      sync(parent);
    }
  }

  private static void sync(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
