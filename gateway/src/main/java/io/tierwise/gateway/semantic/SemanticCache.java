package io.tierwise.gateway.semantic;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.tierwise.gateway.store.SemanticEntry;
import io.tierwise.gateway.store.SemanticStore;
import io.tierwise.gateway.store.SemanticStore.Place;
import io.tierwise.gateway.store.SemanticStore.Scope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The large model's answers to questions that mean the same. The entries are in the store, and an
 * index of their vectors beside it; what the index finds counts only while the store holds it, so
 * what was erased, by whichever process, is not answered again. Where the two differ, after a kill
 * or on a torn index, the index is made to say what the store says.
 *
 * <p>Thread-safe. An entry is found once {@link #refresh} was called after it was put.
 */
public final class SemanticCache implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(SemanticCache.class.getName());

  /** What is farther away means something else, whatever a certificate says. */
  private static final double LEAST_SIMILARITY = 0.5;

  /** A question is encoded when it is looked up, and not again when its answer is kept. */
  private static final int VECTORS_REMEMBERED = 256;

  private final Path folder;
  private final SemanticStore store;
  private final TextEncoder encoder;
  private final Clock clock;
  private final Cache<List<String>, float[]> vectors =
      Caffeine.newBuilder().maximumSize(VECTORS_REMEMBERED).executor(Runnable::run).build();
  private volatile VectorIndex index;

  private SemanticCache(
      Path folder, SemanticStore store, TextEncoder encoder, Clock clock, VectorIndex index) {
    this.folder = folder;
    this.store = store;
    this.encoder = encoder;
    this.clock = clock;
    this.index = index;
  }

  /**
   * An entry that passes for the question.
   *
   * @param similarity the cosine of the two texts' vectors, in [0, 1]
   */
  public record Hit(SemanticEntry entry, double similarity) {}

  /**
   * What a search found.
   *
   * @param hit the nearest entry that no guard speaks against
   * @param refused why a nearer one was passed over; empty when none was
   */
  public record Found(Optional<Hit> hit, Optional<Guards.Difference> refused) {}

  /**
   * Opens the index of a folder, and makes it say what the store says.
   *
   * @param encoder is closed with the cache
   * @throws IOException also when another process has it open
   */
  public static SemanticCache open(
      Path folder, SemanticStore store, TextEncoder encoder, Clock clock) throws IOException {
    SemanticCache cache =
        new SemanticCache(
            folder, store, encoder, clock, VectorIndex.open(folder, store.indexKey()));
    try {
      cache.reconcile();
      return cache;
    } catch (RuntimeException e) {
      cache.index.close();
      throw e;
    }
  }

  /** The encoder's name, which is part of every basis. */
  public String encoder() {
    return encoder.name();
  }

  /** The answer of the same scope to the question that is nearest in meaning. */
  public Found find(Scope scope, String text) {
    Guards.Read asked = Guards.read(text);
    Optional<Guards.Difference> refused = Optional.empty();
    for (VectorIndex.Neighbour near :
        index.nearest(text(scope), vector(scope, text), clock.millis())) {
      if (near.similarity() < LEAST_SIMILARITY) {
        break;
      }
      Optional<SemanticEntry> entry = store.get(near.key(), scope);
      if (entry.isPresent()) {
        Optional<Guards.Difference> difference =
            Guards.between(asked, Guards.read(entry.get().text()));
        if (difference.isEmpty()) {
          return new Found(Optional.of(new Hit(entry.get(), near.similarity())), refused);
        }
        refused = refused.or(() -> difference);
      }
    }
    return new Found(Optional.empty(), refused);
  }

  /** The vector of a text; made once for a question and its answer. */
  public float[] vector(Scope scope, String text) {
    // By tenant: how long it takes is not to tell one what another has asked.
    return vectors.get(List.of(scope.tenant().name(), text), each -> encoder.encode(text));
  }

  /** Keeps an answer: in the store when this returns, and found after a refresh. */
  public void put(String key, Scope scope, SemanticEntry entry, Duration timeToLive) {
    index(store.put(key, scope, entry, timeToLive), entry);
  }

  /**
   * Forgets a task's entries of another basis, and its oldest above a number.
   *
   * @param basis without what may follow a slash
   */
  public void prune(String task, String basis, long maximumEntries) {
    store.prune(task, basis, maximumEntries);
  }

  private void index(Place place, SemanticEntry entry) {
    index.put(
        new VectorIndex.Entry(place.key(), text(place.scope()), place.expiresAt()), entry.vector());
  }

  /** Makes what was put so far seen by searches. */
  public void refresh() {
    index.refresh();
  }

  /** How many entries the index holds, ones that have expired since the last tidying included. */
  public int size() {
    return index.size();
  }

  /**
   * Makes the index say what the store says: drops from the disk what is no longer in it, and puts
   * what it lacks. An index that trouble has closed is opened anew.
   */
  public synchronized void reconcile() {
    if (index.broken()) {
      reopen();
    }
    VectorIndex current = index;
    current.refresh();
    // The keys first: what is put meanwhile is put again, and nothing is taken for erased.
    Set<String> indexed = current.keys();
    Map<String, Place> kept = new HashMap<>();
    store.places().forEach(place -> kept.put(place.key(), place));
    long gone =
        indexed.stream().filter(key -> !kept.containsKey(key)).peek(current::delete).count();
    for (Place place : kept.values()) {
      if (!indexed.contains(place.key())) {
        store.get(place.key(), place.scope()).ifPresent(entry -> index(place, entry));
      }
    }
    if (gone > 0) {
      current.expunge();
      vectors.invalidateAll();
    }
    current.commit();
    current.refresh();
  }

  /**
   * Removes from an index's disk what is no longer in the store, where no gateway has it open: one
   * that has does so itself.
   */
  public static void drop(Path folder, SemanticStore store) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (VectorIndex index = VectorIndex.open(folder, store.indexKey())) {
      Set<String> gone = index.keys();
      store.places().forEach(place -> gone.remove(place.key()));
      gone.forEach(index::delete);
      index.expunge();
    } catch (IndexInUseException e) {
      LOG.log(System.Logger.Level.DEBUG, "a gateway has " + folder + " open", e);
    }
  }

  private void reopen() {
    try {
      index.close();
    } catch (IOException | RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "the broken index of " + folder, e);
    }
    try {
      index = VectorIndex.open(folder, store.indexKey());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Identifiers have no slash; only a basis may. */
  private static String text(Scope scope) {
    return scope.tenant().name() + "/" + scope.task() + "/" + scope.basis();
  }

  /** Waits for what is under way. */
  @Override
  public void close() throws IOException {
    try (encoder) {
      index.close();
    }
  }
}
