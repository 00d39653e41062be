package io.tierwise.gateway.store;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Counts the changes of the keys, in a file that every process with the store open has in its
 * memory: so a gateway may remember keys and yet refuses a revoked one at once.
 */
final class KeyRevision {
  private static final String FILE = "keys.revision";
  private static final VarHandle COUNT =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private final ByteBuffer shared;

  private KeyRevision(ByteBuffer shared) {
    this.shared = shared;
  }

  /**
   * @throws StoreException when the file cannot be opened
   */
  static KeyRevision beside(Path database) {
    Path file = database.resolveSibling(FILE);
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return new KeyRevision(channel.map(FileChannel.MapMode.READ_WRITE, 0, Long.BYTES));
    } catch (IOException e) {
      throw StoreException.of(file, e);
    }
  }

  long now() {
    return (long) COUNT.getVolatile(shared, 0);
  }

  /** To be called after the change is kept: who sees the new count sees the change. */
  void changed() {
    COUNT.getAndAdd(shared, 0, 1L);
  }
}
