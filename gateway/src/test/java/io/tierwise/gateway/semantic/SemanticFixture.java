package io.tierwise.gateway.semantic;

import io.tierwise.gateway.store.CorpusStore;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.store.SemanticEntry;
import io.tierwise.gateway.store.SemanticStore;
import io.tierwise.gateway.store.SemanticStore.Scope;
import io.tierwise.gateway.store.StoredAnswer;
import io.tierwise.gateway.testing.MutableClock;
import io.tierwise.gateway.testing.Requests;
import io.tierwise.gateway.testing.WordEncoder;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.request.Distribution;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Tenant;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;

/** A semantic cache of its own in a folder. */
final class SemanticFixture implements AutoCloseable {
  static final Duration KEPT = Duration.ofHours(24);

  final MutableClock clock = new MutableClock(Requests.NOW);
  final Database database;
  final SemanticStore store;
  final SemanticCache cache;

  SemanticFixture(Path folder) throws IOException {
    database = Database.open(folder);
    store =
        new SemanticStore(
            database,
            clock,
            CorpusStore.open(database, clock, CorpusStore.keyFile(folder), new SecureRandom()));
    cache = SemanticCache.open(index(folder), store, new WordEncoder(), clock);
  }

  static Path index(Path folder) {
    return folder.resolve("semantic");
  }

  static Scope scope(String tenant) {
    return new Scope(new Tenant(tenant), "support", "basis");
  }

  void put(String tenant, String text) {
    put(scope(tenant), text);
  }

  /** An answer whose label is its text. */
  void put(Scope scope, String text) {
    Label label = new Label(text);
    cache.put(
        Integer.toHexString((scope + text).hashCode()),
        scope,
        new SemanticEntry(
            text,
            cache.vector(scope, text),
            new StoredAnswer(label, Distribution.certain(label), Usage.NONE, "big@1").fields(),
            Confidence.FULL),
        KEPT);
  }

  /** The text of the answer that is found. */
  Optional<String> find(String tenant, String text) {
    return find(scope(tenant), text);
  }

  Optional<String> find(Scope scope, String text) {
    return cache
        .find(scope, text)
        .hit()
        .map(hit -> StoredAnswer.of(hit.entry().answer()).label().value());
  }

  @Override
  public void close() throws IOException {
    cache.close();
    database.close();
  }
}
