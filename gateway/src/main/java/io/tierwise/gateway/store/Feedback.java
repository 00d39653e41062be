package io.tierwise.gateway.store;

import io.tierwise.router.request.Label;
import io.tierwise.router.request.Tenant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Humans' corrections, one per request: the last word counts. Whether the tenant ever made such a
 * request is for the reader to see, who has the ledger beside it. Trouble with the store is a
 * {@link StoreException}.
 */
public interface Feedback {
  /**
   * Keeps a correction, in the place of an earlier one of the same request.
   *
   * @param task that answered; null where that is not known any more
   * @param given what it answered; likewise
   */
  void keep(
      Tenant tenant, String requestId, Label label, @Nullable String task, @Nullable Label given);

  /** The same where nothing is known of the answer. */
  default void keep(Tenant tenant, String requestId, Label label) {
    keep(tenant, requestId, label, null, null);
  }

  /**
   * How often a task's answers were right, of those that callers chose to say something about. Who
   * speaks up is no fair sample: this is for watching, and certifies nothing.
   */
  Accuracy volunteered(String task);

  /** Every correction, in the order of the requests they are about. */
  List<FeedbackRow> rows();
}
