package io.tierwise.gateway.store;

import io.tierwise.router.request.Tenant;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The exact cache behind every gateway's memory. The key says everything that an answer depends on,
 * the tenant included. Trouble with the store is a {@link StoreException}.
 */
public interface Answers {
  /** The answer under this key, if there is one and its time to live has not passed. */
  Optional<StoredAnswer> get(String key);

  /** Keeps an answer, in place of an earlier one under the same key. */
  void put(String key, Tenant tenant, String task, StoredAnswer answer, Duration timeToLive);

  /**
   * Forgets the answers of a tenant, of a task, or of both: what is null means all.
   *
   * @return how many there were
   */
  int delete(@Nullable Tenant tenant, @Nullable String task);

  /**
   * Deletes what has expired, and a task's oldest answers above a number, in a store that does not
   * do so by itself.
   *
   * @return how many were deleted
   */
  int prune(String task, long maximumEntries);
}
