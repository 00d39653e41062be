package io.tierwise.gateway.ledger;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.request.Answer;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Tenant;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which task answered which request. The last 100,000 are at hand; an older one is looked for in
 * the ledger.
 */
public final class AnsweredRequests {
  private static final int AT_HAND = 100_000;

  private final LedgerSearch ledger;
  private final Cache<String, Owner> recent = Caffeine.newBuilder().maximumSize(AT_HAND).build();

  private record Owner(String tenant, String task, @Nullable Label given) {}

  /**
   * @param ledger the directory of the ledger's segments
   */
  public AnsweredRequests(Path ledger) {
    this.ledger = new LedgerSearch(ledger);
  }

  /** This request has its answer. */
  public void add(InferenceRequest request, Answer answer) {
    recent.put(
        request.context().id(),
        new Owner(
            request.context().tenant().name(),
            request.task().name(),
            answer instanceof Answer.Classified classified ? classified.label() : null));
  }

  /** The task that answered the tenant's request of this id; empty when none did. */
  public Optional<String> task(Tenant tenant, String requestId) {
    Owner owner = recent.getIfPresent(requestId);
    Optional<Owner> found = owner == null ? search(requestId) : Optional.of(owner);
    return found.filter(each -> each.tenant().equals(tenant.name())).map(Owner::task);
  }

  /** What was answered to the tenant's request of this id; empty where that is long ago. */
  public Optional<Label> given(Tenant tenant, String requestId) {
    return Optional.ofNullable(recent.getIfPresent(requestId))
        .filter(each -> each.tenant().equals(tenant.name()))
        .map(Owner::given);
  }

  private Optional<Owner> search(String requestId) {
    return ledger.entries(requestId).stream()
        .filter(entry -> entry.purpose() == LedgerEntry.Purpose.SERVE)
        .filter(entry -> entry.answeredBy() != null)
        .findFirst()
        .map(entry -> new Owner(entry.tenant(), entry.task(), null));
  }
}
