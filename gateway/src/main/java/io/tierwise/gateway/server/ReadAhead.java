package io.tierwise.gateway.server;

import io.helidon.common.buffers.DataReader;
import io.helidon.webserver.CloseConnectionException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A connection's bytes, which can be read ahead of while its request is answered: the end of a
 * connection shows by being read only. What is read ahead is the server's next piece.
 */
final class ReadAhead implements Supplier<byte @Nullable []> {
  private final DataReader reader;
  private @Nullable CompletableFuture<byte @Nullable []> ahead;

  ReadAhead(DataReader reader) {
    this.reader = reader;
  }

  /**
   * Reads ahead on a thread of its own until the server reads on. Only to be called while it does
   * not.
   *
   * @param gone called when the caller has closed the connection, or it has failed
   */
  synchronized void begin(Runnable gone) {
    if (ahead == null) {
      CompletableFuture<byte @Nullable []> piece = new CompletableFuture<>();
      ahead = piece;
      Thread.ofVirtual().name("read-ahead").start(() -> fill(piece, gone));
    }
  }

  private void fill(CompletableFuture<byte @Nullable []> piece, Runnable gone) {
    try {
      byte[] bytes = read();
      piece.complete(bytes);
      if (bytes == null) {
        gone.run();
      }
    } catch (RuntimeException e) {
      piece.completeExceptionally(e);
      gone.run();
    }
  }

  /** The next piece; null at the end. */
  @Override
  public byte @Nullable [] get() {
    CompletableFuture<byte @Nullable []> piece = taken();
    if (piece == null) {
      return read();
    }
    try {
      return piece.get();
    } catch (ExecutionException e) {
      throw new CloseConnectionException("the connection failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CloseConnectionException("the server ends", e);
    }
  }

  private synchronized @Nullable CompletableFuture<byte @Nullable []> taken() {
    CompletableFuture<byte @Nullable []> piece = ahead;
    ahead = null;
    return piece;
  }

  private byte @Nullable [] read() {
    try {
      reader.ensureAvailable();
      return reader.readBytes(reader.available());
    } catch (DataReader.InsufficientDataAvailableException e) {
      return null;
    }
  }
}
