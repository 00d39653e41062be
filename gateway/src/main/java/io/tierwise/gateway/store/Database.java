package io.tierwise.gateway.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import org.sqlite.SQLiteConfig;

/**
 * The embedded store: one SQLite file in write-ahead mode. Any number of processes may have it open
 * at once, as a gateway and its jobs do; writers take turns, readers never wait for them.
 *
 * <p>Every call either does all it says or throws a {@link StoreException} and leaves nothing.
 */
public final class Database implements AutoCloseable {
  /** The file's name in the data directory. */
  public static final String FILE = "tierwise.db";

  private static final int READERS = 4;
  private static final int BUSY_MILLIS = 10_000;

  /** Two threads of one process may not ask for the same file lock, so they queue here first. */
  private static final ReentrantLock OPENING = new ReentrantLock();

  private final Path file;
  private final Connection durable;
  private final Connection relaxed;
  private final ReentrantLock writing = new ReentrantLock();
  private final List<Connection> readers;
  private final ConcurrentLinkedQueue<Connection> idleReaders;
  private final Semaphore permits = new Semaphore(READERS);

  /** What a commit survives. Both survive the death of the process. */
  enum Durability {
    /** Also the loss of power: for what is promised, such as keys, gates and certificates. */
    DURABLE,
    /** Perhaps not the loss of power: for what can be had again. */
    RELAXED
  }

  /** Something done with a connection. */
  @FunctionalInterface
  interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  private Database(Path file, Connection durable, Connection relaxed, List<Connection> readers) {
    this.file = file;
    this.durable = durable;
    this.relaxed = relaxed;
    this.readers = List.copyOf(readers);
    this.idleReaders = new ConcurrentLinkedQueue<>(readers);
  }

  /**
   * Opens the store of a data directory, creating or upgrading it as needed.
   *
   * @throws StoreException when it cannot be opened, is no database, or is a newer release's
   */
  public static Database open(Path dataDirectory) {
    Path file = dataDirectory.resolve(FILE);
    OPENING.lock();
    try {
      Files.createDirectories(dataDirectory);
      try (FileChannel channel =
              FileChannel.open(
                  dataDirectory.resolve(FILE + ".lock"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          var lock = channel.lock()) {
        if (!lock.isValid()) {
          throw new IOException("the lock " + lock + " was lost");
        }
        return connect(file);
      }
    } catch (IOException e) {
      throw StoreException.of(file, e);
    } catch (SQLException e) {
      throw StoreException.of(file, e);
    } finally {
      OPENING.unlock();
    }
  }

  private static Database connect(Path file) throws SQLException {
    List<Connection> opened = new ArrayList<>();
    try {
      Connection durable = connect(file, SQLiteConfig.SynchronousMode.FULL, opened);
      Schema.upgrade(durable, file);
      Connection relaxed = connect(file, SQLiteConfig.SynchronousMode.NORMAL, opened);
      List<Connection> readers = new ArrayList<>();
      for (int i = 0; i < READERS; i++) {
        readers.add(connect(file, SQLiteConfig.SynchronousMode.NORMAL, opened));
      }
      return new Database(file, durable, relaxed, readers);
    } catch (SQLException | RuntimeException e) {
      closeAll(opened, e);
      throw e;
    }
  }

  private static Connection connect(
      Path file, SQLiteConfig.SynchronousMode synchronous, List<Connection> opened)
      throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(BUSY_MILLIS);
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(synchronous);
    Connection connection = config.createConnection("jdbc:sqlite:" + file);
    opened.add(connection);
    return connection;
  }

  Path file() {
    return file;
  }

  /** Runs queries on a snapshot that no writer disturbs, one statement at a time. */
  <T> T read(Work<T> work) {
    permits.acquireUninterruptibly();
    Connection connection = idleReaders.remove();
    try {
      return work.on(connection);
    } catch (SQLException e) {
      throw StoreException.of(file, e);
    } finally {
      idleReaders.add(connection);
      permits.release();
    }
  }

  /** Runs statements as one transaction that no other writer, in any process, gets between. */
  <T> T write(Durability durability, Work<T> work) {
    Connection connection =
        switch (durability) {
          case DURABLE -> durable;
          case RELAXED -> relaxed;
        };
    writing.lock();
    try {
      return inTransaction(connection, work);
    } catch (SQLException e) {
      throw StoreException.of(file, e);
    } finally {
      writing.unlock();
    }
  }

  static <T> T inTransaction(Connection connection, Work<T> work) throws SQLException {
    Statements.execute(connection, "BEGIN IMMEDIATE");
    try {
      T result = work.on(connection);
      Statements.execute(connection, "COMMIT");
      return result;
    } catch (SQLException | RuntimeException e) {
      rollBack(connection, e);
      throw e;
    }
  }

  private static void rollBack(Connection connection, Exception cause) {
    try {
      Statements.execute(connection, "ROLLBACK");
    } catch (SQLException e) {
      // SQLite has rolled back by itself after some errors, a full disk among them.
      cause.addSuppressed(e);
    }
  }

  private static void closeAll(List<Connection> connections, Exception cause) {
    for (Connection connection : connections) {
      try {
        connection.close();
      } catch (SQLException e) {
        cause.addSuppressed(e);
      }
    }
  }

  /** Waits for what is under way; what is asked afterwards fails. */
  @Override
  public void close() {
    permits.acquireUninterruptibly(READERS);
    writing.lock();
    try {
      for (Connection reader : readers) {
        reader.close();
      }
      relaxed.close();
      durable.close();
    } catch (SQLException e) {
      throw StoreException.of(file, e);
    } finally {
      writing.unlock();
      permits.release(READERS);
    }
  }
}
