package io.tierwise.gateway.store;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The keys of all answers on disk, as a filter in memory: what is not there need not be looked for.
 * It is read on a thread of its own; until it is whole, everything may be there.
 */
final class KnownAnswers {
  private static final System.Logger LOG = System.getLogger(KnownAnswers.class.getName());
  private static final int PAGE = 10_000;

  private final Database database;
  private final AtomicLong added = new AtomicLong();
  private volatile @Nullable KnownKeys now;
  private volatile @Nullable KnownKeys growing;

  /**
   * @param wanted whether to read them at all
   */
  KnownAnswers(Database database, boolean wanted) {
    this.database = database;
    if (wanted) {
      begin();
    }
  }

  boolean mayHave(String key) {
    KnownKeys whole = now;
    return whole == null || whole.mayHave(key);
  }

  /** To be called before the answer is kept: who finds it on disk finds it here. */
  void add(String key) {
    KnownKeys half = growing;
    KnownKeys whole = now;
    if (half != null) {
      half.add(key);
    }
    if (whole != null) {
      whole.add(key);
      if (half == null && added.incrementAndGet() > whole.room()) {
        begin();
      }
    }
  }

  private synchronized void begin() {
    if (growing == null) {
      // Room for what may come while it is read; it is read anew when that is not enough.
      KnownKeys next = new KnownKeys(2 * count() + PAGE);
      growing = next;
      Thread.ofVirtual().name("known-answers").start(() -> read(next));
    }
  }

  private long count() {
    return database.read(connection ->
        Statements.first(connection, "SELECT count(*) FROM answer", result -> result.getLong(1))
            .orElse(0L));
  }

  private void read(KnownKeys next) {
    try {
      long count = 0;
      String last = "";
      List<String> page = page(last);
      while (!page.isEmpty()) {
        page.forEach(next::add);
        count += page.size();
        last = page.getLast();
        page = page(last);
      }
      added.set(count);
      now = next;
    } catch (StoreException e) {
      LOG.log(System.Logger.Level.WARNING, "the keys of the exact cache could not be read", e);
    } finally {
      growing = null;
    }
  }

  private List<String> page(String after) {
    return database.read(connection ->
        Statements.all(
            connection,
            "SELECT key FROM answer WHERE key > ? ORDER BY key LIMIT ?",
            result -> result.getString(1),
            after,
            PAGE));
  }
}
