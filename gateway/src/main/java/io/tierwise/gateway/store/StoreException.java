package io.tierwise.gateway.store;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * The store cannot do what was asked; nothing of it was kept. Says the file, the trouble, the fix.
 */
public final class StoreException extends RuntimeException {
  private static final int PRIMARY_CODE = 0xff;

  private final Trouble trouble;

  /** What is wrong, for those who react to it. */
  public enum Trouble {
    /** The file is no database, or it is damaged. */
    CORRUPT("it is no database, or it is damaged", "restore it from a backup, or move it away"),
    /** There is no room left. */
    FULL("there is no room left on its disk", "make room"),
    /** The directory or a file in it may not be written. */
    NOT_WRITABLE("it cannot be opened for writing", "give this user write access to it"),
    /** Another process held the write lock for too long. */
    BUSY("another process kept it locked for too long", "try again, or stop that process"),
    /** A newer release has changed its layout. */
    NEWER_SCHEMA("a newer Tierwise has written it", "run that version, or use another directory"),
    /** The corpus key is missing, unusable or not the one the corpus was written with. */
    WRONG_KEY("it does not fit the corpus", "put the key back that belongs to it"),
    /** Anything else. */
    FAILED("it could not be read or written", "look at the cause");

    private final String text;
    private final String fix;

    Trouble(String text, String fix) {
      this.text = text;
      this.fix = fix;
    }
  }

  StoreException(Trouble trouble, Path file, String detail, String fix, Throwable cause) {
    super(file + ": " + detail + "; " + fix, cause);
    this.trouble = trouble;
  }

  StoreException(Trouble trouble, Path file, String detail, String fix) {
    super(file + ": " + detail + "; " + fix);
    this.trouble = trouble;
  }

  /** Trouble with a store that stands outside this box. */
  public static StoreException outside(String store, Throwable cause) {
    Trouble trouble = Trouble.FAILED;
    String detail = trouble.text + " (" + cause.getMessage() + ")";
    return new StoreException(trouble, Path.of(store), detail, trouble.fix, cause);
  }

  static StoreException of(Path file, SQLException cause) {
    Trouble trouble = cause instanceof SQLiteException sqlite ? trouble(sqlite) : Trouble.FAILED;
    String detail = trouble.text + " (" + cause.getMessage() + ")";
    return new StoreException(trouble, file, detail, trouble.fix, cause);
  }

  static StoreException of(Path file, IOException cause) {
    Trouble trouble = Trouble.NOT_WRITABLE;
    String detail = trouble.text + " (" + cause + ")";
    return new StoreException(trouble, file, detail, trouble.fix, cause);
  }

  private static Trouble trouble(SQLiteException exception) {
    return switch (SQLiteErrorCode.getErrorCode(exception.getResultCode().code & PRIMARY_CODE)) {
      case SQLITE_CORRUPT, SQLITE_NOTADB -> Trouble.CORRUPT;
      case SQLITE_FULL -> Trouble.FULL;
      case SQLITE_PERM, SQLITE_READONLY, SQLITE_CANTOPEN -> Trouble.NOT_WRITABLE;
      case SQLITE_BUSY, SQLITE_LOCKED -> Trouble.BUSY;
      default -> Trouble.FAILED;
    };
  }

  public Trouble trouble() {
    return trouble;
  }
}
