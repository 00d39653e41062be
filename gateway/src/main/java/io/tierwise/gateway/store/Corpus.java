package io.tierwise.gateway.store;

import io.tierwise.router.request.Distribution;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Tenant;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Inputs with the large model's answers: one row for each request, encrypted, with a time to live.
 * Trouble with the store is a {@link StoreException}.
 */
public interface Corpus extends CorpusCount {
  /**
   * @param requestId what the audit log knows the request by
   */
  void add(
      Tenant tenant,
      String task,
      Input input,
      Label label,
      Distribution distribution,
      boolean audited,
      Duration timeToLive,
      String requestId);

  /**
   * The task's rows whose time to live has not passed, in the order in which they were added.
   *
   * @param audited which of the two kinds
   * @param after only those added after this moment
   */
  List<CorpusRow> rows(String task, boolean audited, Instant after);

  /** All of them. */
  default List<CorpusRow> rows(String task, boolean audited) {
    return rows(task, audited, Instant.EPOCH);
  }

  /**
   * Forgets a tenant's texts, in all tasks.
   *
   * @return how many rows there were
   */
  int deleteTenant(Tenant tenant);
}
