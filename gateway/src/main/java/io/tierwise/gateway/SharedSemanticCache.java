package io.tierwise.gateway;

import io.tierwise.gateway.semantic.SemanticCache;
import io.tierwise.gateway.semantic.TextEncoder;
import io.tierwise.gateway.store.SemanticStore;
import io.tierwise.router.InvalidValueException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The semantic cache of all tasks; opened when the first of them wants one. */
final class SharedSemanticCache implements AutoCloseable {
  private final Path folder;
  private final SemanticStore store;
  private final TextEncoder.Loader encoder;
  private final Clock clock;
  private @Nullable SemanticCache opened;

  SharedSemanticCache(Path folder, SemanticStore store, TextEncoder.Loader encoder, Clock clock) {
    this.folder = folder;
    this.store = store;
    this.encoder = encoder;
    this.clock = clock;
  }

  /**
   * @throws InvalidValueException where it cannot be had
   */
  synchronized SemanticCache open() {
    if (opened == null) {
      TextEncoder loaded = null;
      try {
        loaded = encoder.load();
        opened = SemanticCache.open(folder, store, loaded, clock);
      } catch (IOException e) {
        if (loaded != null) {
          loaded.close();
        }
        throw new InvalidValueException(
            "semanticCache.enabled",
            "it cannot be opened: " + e.getMessage(),
            "make room for " + folder + " in one process, or leave it out");
      }
    }
    return opened;
  }

  /** Empty while no task has wanted one. */
  synchronized Optional<SemanticCache> now() {
    return Optional.ofNullable(opened);
  }

  @Override
  public synchronized void close() throws IOException {
    if (opened != null) {
      opened.close();
      opened = null;
    }
  }
}
