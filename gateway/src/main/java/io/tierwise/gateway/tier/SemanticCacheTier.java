package io.tierwise.gateway.tier;

import io.tierwise.gateway.semantic.Guards;
import io.tierwise.gateway.semantic.SemanticCache;
import io.tierwise.gateway.store.SemanticEntry;
import io.tierwise.gateway.store.SemanticStore.Scope;
import io.tierwise.gateway.store.StoreException;
import io.tierwise.gateway.store.StoredAnswer;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.request.Answer;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.request.Input;
import io.tierwise.router.tier.Attempt;
import io.tierwise.router.tier.Attempt.Cause;
import io.tierwise.router.tier.Reference;
import io.tierwise.router.tier.References;
import io.tierwise.router.tier.Tier;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The large model's earlier answers to questions that mean the same. Its confidence is how similar
 * the questions are; whether that is enough, the gate says.
 *
 * <p>A task is asked about its text alone, so the conversation that an answer depends on is the
 * prompt: it is part of the basis, as the endpoint's version and the encoder's are.
 */
public final class SemanticCacheTier implements Tier, References {
  private static final System.Logger LOG = System.getLogger(SemanticCacheTier.class.getName());

  private final SemanticCache cache;
  private final Settings settings;
  private final String basis;
  private final LongSupplier ticker;
  private final Consumer<Guards.Difference> refused;

  /**
   * How answers are kept.
   *
   * @param maximumEntries on disk
   */
  public record Settings(AnswerKey key, Duration timeToLive, long maximumEntries) {}

  /**
   * @param refused hears of every near question that a guard spoke against
   */
  public SemanticCacheTier(
      SemanticCache cache,
      Settings settings,
      LongSupplier ticker,
      Consumer<Guards.Difference> refused) {
    this.cache = cache;
    this.settings = settings;
    this.basis = settings.key().basis(cache.encoder());
    this.ticker = ticker;
    this.refused = refused;
  }

  /** Forgets answers of another endpoint, prompt or encoder, and the oldest above the most. */
  public void prune() {
    cache.prune(settings.key().task(), basis, settings.maximumEntries());
  }

  @Override
  public Attempt attempt(InferenceRequest request) {
    Optional<String> text = text(request);
    if (text.isEmpty()) {
      return new Attempt.Missed(Usage.NONE);
    }
    long start = ticker.getAsLong();
    try {
      SemanticCache.Found found = cache.find(scope(request), text.get());
      found.refused().ifPresent(refused);
      return found
          .hit()
          .<Attempt>map(hit -> proposed(hit, start))
          .orElseGet(() -> new Attempt.Missed(lookup(start)));
    } catch (StoreException | UncheckedIOException | IllegalStateException e) {
      // A closed index is an IllegalStateException; it is opened anew at the next tidying.
      LOG.log(System.Logger.Level.WARNING, "the semantic cache cannot be read", e);
      return new Attempt.Unavailable(Cause.FAILED, "its index cannot be read", lookup(start));
    }
  }

  @Override
  public void observe(Reference reference) {
    InferenceRequest request = reference.request();
    Optional<String> key = settings.key().of(request);
    Optional<String> text = text(request);
    if (key.isEmpty()
        || text.isEmpty()
        || !request.context().cache().write()
        || reference.proposal().shared()
        || !(reference.proposal().answer() instanceof Answer.Classified answer)) {
      return;
    }
    try {
      Scope scope = scope(request);
      StoredAnswer stored =
          new StoredAnswer(
              answer.label(),
              answer.distribution(),
              ExactCacheTier.ownUsage(reference),
              reference.proposal().version());
      SemanticEntry entry =
          new SemanticEntry(
              text.get(),
              cache.vector(scope, text.get()),
              stored.fields(),
              reference.proposal().confidence());
      cache.put(key.get(), scope, entry, settings.timeToLive());
    } catch (StoreException | UncheckedIOException | IllegalStateException e) {
      LOG.log(System.Logger.Level.WARNING, "an answer could not be kept in the semantic cache", e);
    }
  }

  private Scope scope(InferenceRequest request) {
    return new Scope(request.context().tenant(), settings.key().task(), basis);
  }

  private static Optional<String> text(InferenceRequest request) {
    return request instanceof InferenceRequest.Classify classify
            && classify.input() instanceof Input.Text text
        ? Optional.of(text.value())
        : Optional.empty();
  }

  private Attempt proposed(SemanticCache.Hit hit, long start) {
    StoredAnswer stored = StoredAnswer.of(hit.entry().answer());
    return new Attempt.Proposed(
        new Answer.Classified(stored.label(), stored.distribution()),
        new Confidence(hit.similarity()),
        lookup(start),
        stored.version(),
        stored.largeUsage());
  }

  private Usage lookup(long start) {
    return Usage.call(Duration.ofNanos(Math.max(0, ticker.getAsLong() - start)));
  }
}
