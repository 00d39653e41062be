package io.tierwise.gateway.tier;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.tierwise.gateway.store.Answers;
import io.tierwise.gateway.store.StoreException;
import io.tierwise.gateway.store.StoredAnswer;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.request.Answer;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.tier.Attempt;
import io.tierwise.router.tier.Attempt.Cause;
import io.tierwise.router.tier.Reference;
import io.tierwise.router.tier.References;
import io.tierwise.router.tier.Tier;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The large model's earlier answers to the very same question. Memory stands before the store, for
 * at most a minute: what another process has deleted, or what has expired, is not answered longer.
 */
public final class ExactCacheTier implements Tier, References {
  private static final System.Logger LOG = System.getLogger(ExactCacheTier.class.getName());
  private static final Duration LONGEST_IN_MEMORY = Duration.ofMinutes(1);

  private final Answers store;
  private final Settings settings;
  private final LongSupplier ticker;
  private final Cache<String, StoredAnswer> memory;

  /**
   * How answers are kept.
   *
   * @param maximumEntries held in memory at once
   */
  public record Settings(AnswerKey key, Duration timeToLive, long maximumEntries) {}

  public ExactCacheTier(Answers store, Settings settings, LongSupplier ticker) {
    this.store = store;
    this.settings = settings;
    this.ticker = ticker;
    this.memory =
        Caffeine.newBuilder()
            .maximumSize(settings.maximumEntries())
            .expireAfterWrite(shorter(settings.timeToLive(), LONGEST_IN_MEMORY))
            .ticker(ticker::getAsLong)
            .executor(Runnable::run)
            .build();
  }

  @Override
  public Attempt attempt(InferenceRequest request) {
    Optional<String> key = settings.key().of(request);
    if (key.isEmpty()) {
      return new Attempt.Missed(Usage.NONE);
    }
    long start = ticker.getAsLong();
    try {
      return find(key.get())
          .<Attempt>map(stored -> proposed(stored, start))
          .orElseGet(() -> new Attempt.Missed(lookup(start)));
    } catch (StoreException e) {
      LOG.log(System.Logger.Level.WARNING, "the exact cache cannot be read", e);
      return new Attempt.Unavailable(Cause.FAILED, "its store cannot be read", lookup(start));
    }
  }

  @Override
  public void observe(Reference reference) {
    InferenceRequest request = reference.request();
    Optional<String> key = settings.key().of(request);
    if (key.isEmpty()
        || !request.context().cache().write()
        // The request that is charged for the call keeps its answer.
        || reference.proposal().shared()
        || !(reference.proposal().answer() instanceof Answer.Classified answer)) {
      return;
    }
    StoredAnswer stored =
        new StoredAnswer(
            answer.label(),
            answer.distribution(),
            ownUsage(reference),
            reference.proposal().version());
    memory.put(key.get(), stored);
    try {
      store.put(
          key.get(),
          request.context().tenant(),
          settings.key().task(),
          stored,
          settings.timeToLive());
    } catch (StoreException e) {
      LOG.log(System.Logger.Level.WARNING, "an answer could not be kept in the exact cache", e);
    }
  }

  /** Forgets what is in memory, which the store may no longer hold. */
  public void forget() {
    memory.invalidateAll();
  }

  private Optional<StoredAnswer> find(String key) {
    StoredAnswer remembered = memory.getIfPresent(key);
    if (remembered != null) {
      return Optional.of(remembered);
    }
    Optional<StoredAnswer> stored = store.get(key);
    stored.ifPresent(answer -> memory.put(key, answer));
    return stored;
  }

  private Attempt proposed(StoredAnswer stored, long start) {
    return new Attempt.Proposed(
        new Answer.Classified(stored.label(), stored.distribution()),
        Confidence.FULL,
        lookup(start),
        stored.version(),
        stored.largeUsage());
  }

  private Usage lookup(long start) {
    return Usage.call(Duration.ofNanos(Math.max(0, ticker.getAsLong() - start)));
  }

  /**
   * What the answer took, without the calls that failed before it: a repeat would not need them.
   */
  static Usage ownUsage(Reference reference) {
    Usage own = reference.proposal().largeUsage();
    return own.equals(Usage.NONE) ? reference.proposal().usage() : own;
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }
}
