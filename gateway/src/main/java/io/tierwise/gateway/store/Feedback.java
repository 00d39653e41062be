package io.tierwise.gateway.store;

import io.tierwise.router.request.Label;
import io.tierwise.router.request.Tenant;
import java.util.List;

/**
 * Humans' corrections, one per request: the last word counts. Whether the tenant ever made such a
 * request is for the reader to see, who has the ledger beside it. Trouble with the store is a
 * {@link StoreException}.
 */
public interface Feedback {
  /** Keeps a correction, in the place of an earlier one of the same request. */
  void keep(Tenant tenant, String requestId, Label label);

  /** Every correction, in the order of the requests they are about. */
  List<FeedbackRow> rows();
}
