package io.tierwise.gateway.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.gateway.store.ChatAnswerStore;
import io.tierwise.gateway.store.StoreException;
import io.tierwise.gateway.tier.AnswerKey;
import io.tierwise.router.cost.Tariff;
import io.tierwise.router.request.Tenant;
import java.time.Duration;
import java.util.Optional;

/**
 * The strong model's earlier answers to the very same body, for callers that ask for the same each
 * time: at temperature 0 and with a seed. A stream is kept as it was passed on, for those who ask
 * for a stream; tools and several answers only where the configuration has them in.
 *
 * @param key of the chat and its strong model
 * @param tariff what looking up costs
 * @param tools whether requests with tools, and such for more than one answer, have a place as well
 */
public record ChatCache(
    ChatAnswerStore store, AnswerKey key, Tariff tariff, Duration timeToLive, boolean tools) {
  private static final System.Logger LOG = System.getLogger(ChatCache.class.getName());

  /** The key of a request; empty for one that is not to be kept. */
  Optional<String> key(ChatBody body, Tenant tenant) {
    ObjectNode json = body.json();
    JsonNode temperature = json.path("temperature");
    boolean settled =
        temperature.isNumber()
            && temperature.doubleValue() == 0
            && json.path("seed").isIntegralNumber();
    if (!settled || !(body.plain() || tools)) {
      return Optional.empty();
    }
    return Optional.of(key.of(tenant, body.canonical()));
  }

  Optional<ChatAnswerStore.Kept> get(String answerKey, Tenant tenant) {
    try {
      return store.get(answerKey, tenant, key.task());
    } catch (StoreException e) {
      LOG.log(System.Logger.Level.WARNING, "the exact cache cannot be read", e);
      return Optional.empty();
    }
  }

  void put(String answerKey, Tenant tenant, ChatAnswerStore.Kept kept) {
    try {
      store.put(answerKey, tenant, key.task(), kept, timeToLive);
    } catch (StoreException e) {
      LOG.log(System.Logger.Level.WARNING, "an answer could not be kept in the exact cache", e);
    }
  }
}
