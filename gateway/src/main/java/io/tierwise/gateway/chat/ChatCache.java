package io.tierwise.gateway.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.gateway.store.ChatAnswerStore;
import io.tierwise.gateway.store.StoreException;
import io.tierwise.gateway.tier.AnswerKey;
import io.tierwise.router.cost.Tariff;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.request.Tenant;
import java.text.Normalizer;
import java.time.Duration;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The strong model's earlier answers to the very same body, for callers that ask for the same each
 * time: at temperature 0 and with a seed. Streams, and tools and several answers unless the
 * configuration has them in, are never kept.
 *
 * @param key of the chat and its strong model
 * @param tariff what looking up costs
 * @param tools whether requests with tools, and such for more than one answer, have a place as well
 */
public record ChatCache(
    ChatAnswerStore store, AnswerKey key, Tariff tariff, Duration timeToLive, boolean tools) {
  private static final System.Logger LOG = System.getLogger(ChatCache.class.getName());

  /** What changes no answer: the chat's name, with or without a mode. */
  private static final String MODEL = "model";

  /** The key of a request; empty for one that is not to be kept. */
  Optional<String> key(ChatBody body, Tenant tenant) {
    ObjectNode json = body.json();
    JsonNode temperature = json.path("temperature");
    boolean settled =
        temperature.isNumber()
            && temperature.doubleValue() == 0
            && json.path("seed").isIntegralNumber()
            && !body.stream();
    boolean plain =
        json.path("tools").isEmpty()
            && json.path("functions").isEmpty()
            && json.path("n").asLong(1) == 1;
    if (!settled || !(plain || tools)) {
      return Optional.empty();
    }
    ObjectNode asked = json.deepCopy();
    asked.remove(MODEL);
    String text = Normalizer.normalize(ordered(asked).toString(), Normalizer.Form.NFC);
    return Optional.of(key.of(tenant, text.getBytes(UTF_8)));
  }

  /** With its fields in the order of their names, for their order says nothing. */
  private static JsonNode ordered(JsonNode node) {
    return switch (node) {
      case ObjectNode object -> {
        TreeMap<String, JsonNode> fields = new TreeMap<>();
        object.properties().forEach(field -> fields.put(field.getKey(), field.getValue()));
        ObjectNode sorted = OpenAiForm.JSON.createObjectNode();
        fields.forEach((name, value) -> sorted.set(name, ordered(value)));
        yield sorted;
      }
      case ArrayNode array -> {
        ArrayNode same = OpenAiForm.JSON.createArrayNode();
        array.forEach(item -> same.add(ordered(item)));
        yield same;
      }
      default -> node;
    };
  }

  Optional<ChatAnswerStore.Kept> get(String answerKey, Tenant tenant) {
    try {
      return store.get(answerKey, tenant, key.task());
    } catch (StoreException e) {
      LOG.log(System.Logger.Level.WARNING, "the exact cache cannot be read", e);
      return Optional.empty();
    }
  }

  void put(
      String answerKey, Tenant tenant, ChatUpstream.Called.Said said, Usage usage, String version) {
    try {
      ChatAnswerStore.Kept kept =
          new ChatAnswerStore.Kept(said.contentType(), said.content(), usage, version);
      store.put(answerKey, tenant, key.task(), kept, timeToLive);
    } catch (StoreException e) {
      LOG.log(System.Logger.Level.WARNING, "an answer could not be kept in the exact cache", e);
    }
  }
}
