package io.tierwise.gateway.chat;

import io.tierwise.gateway.semantic.Guards;
import io.tierwise.gateway.semantic.SemanticCache;
import io.tierwise.gateway.store.ChatAnswerStore.Kept;
import io.tierwise.gateway.store.SemanticEntry;
import io.tierwise.gateway.store.SemanticStore.Scope;
import io.tierwise.gateway.store.StoreException;
import io.tierwise.gateway.tier.AnswerKey;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.Gate;
import io.tierwise.router.cost.Tariff;
import io.tierwise.router.request.Tenant;
import io.tierwise.router.tier.TierName;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The strong model's earlier answers to questions that mean the same, as one more cheap answerer
 * beside the weak models: its confidence is how similar the questions are, and its gate opens by
 * audits that set what was kept against what the strong model says afresh.
 *
 * <p>Two questions are only compared where everything else is equal: the tenant, the earlier turns,
 * and every other field, among them whether a stream is asked for. A temperature above 0 asks for
 * variety, and has no place here; neither has a request with tools or for several answers.
 *
 * <p>An audit is made where there is something to give. So what is certified holds of those
 * requests, and the more of all, however full the cache becomes.
 */
public final class ChatSemanticCache {
  private static final System.Logger LOG = System.getLogger(ChatSemanticCache.class.getName());

  /** The encoder reads 512 tokens, each a character or more: what it does not read, differs. */
  private static final int MOST_CHARACTERS = 500;

  private static final int DIGITS_SHOWN = 16;

  private final SemanticCache cache;
  private final Settings settings;
  private final ChatContract contract;
  private final ChatAudits audits;
  private final Consumer<Guards.Difference> refused;
  private final String basis;
  private final String artifact;
  private volatile Gate gate = new Gate.Shut("its state was not read yet");

  /**
   * How answers are kept.
   *
   * @param key of the chat and its strong model
   * @param tariff what looking up costs
   * @param maximumEntries on disk
   */
  public record Settings(AnswerKey key, Tariff tariff, Duration timeToLive, long maximumEntries) {}

  /** A question as it is looked up and kept. */
  record Asked(String key, Scope scope, String text) {}

  /** A kept answer, and what is held of it for another question. */
  record Found(Opinion opinion, Kept kept) {}

  /**
   * @param refused hears of every near question that a guard spoke against
   */
  public ChatSemanticCache(
      SemanticCache cache,
      Settings settings,
      ChatContract contract,
      ChatAudits audits,
      Consumer<Guards.Difference> refused) {
    this.cache = cache;
    this.settings = settings;
    this.contract = contract;
    this.audits = audits;
    this.refused = refused;
    this.basis = settings.key().basis(cache.encoder());
    this.artifact = version(cache.encoder(), settings);
  }

  /** What a certificate is for: the encoder, the strong model, and how old an answer may become. */
  private static String version(String encoder, Settings settings) {
    String all = settings.key().basis(encoder + " " + settings.timeToLive());
    return "cache-" + all.substring(0, DIGITS_SHOWN);
  }

  /** Looks at once what the audits say and what other processes have moved. */
  synchronized void refresh() {
    gate = contract.look(artifact);
  }

  /** Forgets answers of another strong model or encoder, and the oldest above the most. */
  void prune() {
    cache.prune(settings.key().task(), basis, settings.maximumEntries());
  }

  boolean open() {
    return gate instanceof Gate.Open;
  }

  ChatAudits audits() {
    return audits;
  }

  Tariff tariff() {
    return settings.tariff();
  }

  /** Empty for a request that has no place here. */
  Optional<Asked> asked(ChatBody body, Tenant tenant) {
    boolean settled = body.json().path("temperature").asDouble(0) == 0;
    if (!settled || !body.plain()) {
      return Optional.empty();
    }
    AnswerKey key = settings.key();
    return body.question()
        .filter(question -> question.text().length() <= MOST_CHARACTERS)
        .map(question -> {
          String conversation = key.of(tenant, question.rest().canonical());
          Scope scope = new Scope(tenant, key.task(), basis + "/" + conversation);
          return new Asked(key.of(tenant, body.canonical()), scope, question.text());
        });
  }

  /** The answer to the nearest question that no guard speaks against. */
  Optional<Found> find(Asked asked) {
    Gate now = gate;
    try {
      SemanticCache.Found found = cache.find(asked.scope(), asked.text());
      found.refused().ifPresent(refused);
      return found
          .hit()
          .map(hit ->
              new Found(
                  Opinion.of(
                      TierName.SEMANTIC_CACHE, new Confidence(hit.similarity()), artifact, now),
                  Kept.of(hit.entry().answer())));
    } catch (StoreException | UncheckedIOException | IllegalStateException e) {
      // A closed index is an IllegalStateException; it is opened anew at the next tidying.
      LOG.log(System.Logger.Level.WARNING, "the semantic cache cannot be read", e);
      return Optional.empty();
    }
  }

  /** Keeps an answer that came to its end by itself, and calls nothing. */
  void put(Asked asked, Kept kept) {
    if (!ended(kept)) {
      return;
    }
    try {
      SemanticEntry entry =
          new SemanticEntry(
              asked.text(),
              cache.vector(asked.scope(), asked.text()),
              kept.fields(),
              Confidence.FULL);
      cache.put(asked.key(), asked.scope(), entry, settings.timeToLive());
    } catch (StoreException | UncheckedIOException | IllegalStateException e) {
      LOG.log(System.Logger.Level.WARNING, "an answer could not be kept in the semantic cache", e);
    }
  }

  private static boolean ended(Kept kept) {
    return KeptStream.answer(kept)
        .path("choices")
        .path(0)
        .path("finish_reason")
        .asText()
        .equals("stop");
  }
}
