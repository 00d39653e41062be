package io.tierwise.gateway;

import io.tierwise.gateway.semantic.SemanticCache;
import io.tierwise.gateway.store.AnswerStore;
import io.tierwise.gateway.store.CacheErasures;
import io.tierwise.gateway.store.ChatAnswerStore;
import io.tierwise.gateway.store.CorpusStore;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.store.SemanticStore;
import io.tierwise.router.request.Tenant;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** The caches of a data directory, without a gateway. */
public final class StoredCaches {
  private StoredCaches() {}

  /**
   * Forgets the cached answers of a tenant, of a task, or of both: what is null means all. A
   * gateway that runs over the directory follows within a second or two.
   */
  public static Forgotten forget(
      Path data,
      Database database,
      CorpusStore corpus,
      Clock clock,
      @Nullable Tenant tenant,
      @Nullable String task)
      throws IOException {
    SemanticStore semantic = new SemanticStore(database, clock, corpus);
    Forgotten forgotten =
        new Forgotten(
            new AnswerStore(database, clock).delete(tenant, task)
                + new ChatAnswerStore(database, clock, corpus).delete(tenant, task),
            semantic.delete(tenant, task));
    new CacheErasures(database, clock).add(tenant, task);
    SemanticCache.drop(data.resolve(Parts.SEMANTIC), semantic);
    return forgotten;
  }
}
