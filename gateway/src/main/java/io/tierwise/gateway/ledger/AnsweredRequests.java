package io.tierwise.gateway.ledger;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.request.Answer;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Tenant;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which task answered which request. The last 100,000 are at hand; an older one is looked for in
 * the ledger, from its beginning up to the time that the id itself carries. Only one such search
 * goes at a time, so that callers cannot keep more than one processor busy with them.
 */
public final class AnsweredRequests {
  private static final int AT_HAND = 100_000;
  private static final int UUID_LENGTH = 36;

  /** An entry is written when its request ends, and clocks of several processes differ. */
  private static final Duration SLACK = Duration.ofHours(1);

  private final Path ledger;
  private final Cache<String, Owner> recent = Caffeine.newBuilder().maximumSize(AT_HAND).build();
  private final ReentrantLock searching = new ReentrantLock();

  private record Owner(String tenant, String task, @Nullable Label given) {}

  /**
   * @param ledger the directory of the ledger's segments
   */
  public AnsweredRequests(Path ledger) {
    this.ledger = ledger;
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
    Instant end = madeAt(requestId).plus(SLACK);
    searching.lock();
    try (Stream<LedgerEntry> entries = LedgerReader.read(ledger)) {
      return entries
          .takeWhile(entry -> entry.at().isBefore(end))
          .filter(entry -> entry.requestId().equals(requestId) && entry.answeredBy() != null)
          .filter(entry -> entry.purpose() == LedgerEntry.Purpose.SERVE)
          .findFirst()
          .map(entry -> new Owner(entry.tenant(), entry.task(), null));
    } finally {
      searching.unlock();
    }
  }

  /** The first 48 bits of a UUID of version 7 are its time in milliseconds. */
  private static Instant madeAt(String requestId) {
    UUID id = UUID.fromString(requestId.substring(0, UUID_LENGTH));
    return Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16);
  }
}
