package io.tierwise.gateway.ledger;

import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.request.Answer;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Tenant;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Which task answered which request. Most of the last 100,000 are at hand, each at a place that its
 * id gives and that another may take; one that is not is looked for in the ledger.
 */
public final class AnsweredRequests {
  private static final int AT_HAND = 100_000;

  private final LedgerSearch ledger;
  private final AtomicReferenceArray<Answered> recent = new AtomicReferenceArray<>(AT_HAND);

  private record Owner(String tenant, String task, @Nullable Label given) {}

  private record Answered(String requestId, Owner owner) {}

  /**
   * @param ledger the directory of the ledger's segments
   */
  public AnsweredRequests(Path ledger) {
    this.ledger = new LedgerSearch(ledger);
  }

  /** This request has its answer. */
  public void add(InferenceRequest request, Answer answer) {
    String id = request.context().id();
    Owner owner =
        new Owner(
            request.context().tenant().name(),
            request.task().name(),
            answer instanceof Answer.Classified classified ? classified.label() : null);
    recent.set(place(id), new Answered(id, owner));
  }

  private static int place(String requestId) {
    return Math.floorMod(requestId.hashCode(), AT_HAND);
  }

  /** The task that answered the tenant's request of this id; empty when none did. */
  public Optional<String> task(Tenant tenant, String requestId) {
    return atHand(requestId)
        .or(() -> search(requestId))
        .filter(each -> each.tenant().equals(tenant.name()))
        .map(Owner::task);
  }

  /** What was answered to the tenant's request of this id; empty where that is long ago. */
  public Optional<Label> given(Tenant tenant, String requestId) {
    return atHand(requestId).filter(each -> each.tenant().equals(tenant.name())).map(Owner::given);
  }

  private Optional<Owner> atHand(String requestId) {
    return Optional.ofNullable(recent.get(place(requestId)))
        .filter(answered -> answered.requestId().equals(requestId))
        .map(Answered::owner);
  }

  private Optional<Owner> search(String requestId) {
    return ledger.entries(requestId).stream()
        .filter(entry -> entry.purpose() == LedgerEntry.Purpose.SERVE)
        .filter(entry -> entry.answeredBy() != null)
        .findFirst()
        .map(entry -> new Owner(entry.tenant(), entry.task(), null));
  }
}
