package io.tierwise.gateway.ledger;

import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.request.Tenant;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Which task answered which request. Most of the last 100,000 are at hand, each at a place that its
 * id gives and that another may take; one that is not is looked for in the ledger.
 */
public final class AnsweredRequests {
  private static final int AT_HAND = 100_000;

  private final LedgerSearch ledger;
  private final AtomicReferenceArray<Answered> recent = new AtomicReferenceArray<>(AT_HAND);

  private record Owner(String tenant, String task) {}

  private record Answered(String requestId, Owner owner) {}

  /**
   * @param ledger the directory of the ledger's segments
   */
  public AnsweredRequests(Path ledger) {
    this.ledger = new LedgerSearch(ledger);
  }

  /** This request has its answer. */
  public void add(InferenceRequest request) {
    String id = request.context().id();
    Owner owner = new Owner(request.context().tenant().name(), request.task().name());
    recent.set(place(id), new Answered(id, owner));
  }

  private static int place(String requestId) {
    return Math.floorMod(requestId.hashCode(), AT_HAND);
  }

  /** The task that answered the tenant's request of this id; empty when none did. */
  public Optional<String> task(Tenant tenant, String requestId) {
    Answered answered = recent.get(place(requestId));
    Optional<Owner> found =
        answered != null && answered.requestId().equals(requestId)
            ? Optional.of(answered.owner())
            : search(requestId);
    return found.filter(each -> each.tenant().equals(tenant.name())).map(Owner::task);
  }

  private Optional<Owner> search(String requestId) {
    return ledger.entries(requestId).stream()
        .filter(entry -> entry.purpose() == LedgerEntry.Purpose.SERVE)
        .filter(entry -> entry.answeredBy() != null)
        .findFirst()
        .map(entry -> new Owner(entry.tenant(), entry.task()));
  }
}
