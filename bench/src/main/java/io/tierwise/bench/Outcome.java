package io.tierwise.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.router.cost.Money;
import io.tierwise.router.tier.TierName;
import java.math.BigDecimal;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What a replay or the demo measured, on requests that no student was trained, tuned or certified
 * on.
 *
 * @param disagreement share of all answers that differ from the large model's
 * @param certified whether a student was certified; without one the large model answers
 * @param accuracy share of answers equal to the human label; NaN where there is none
 * @param largeAccuracy the same for the large model's own answers
 */
public record Outcome(
    long requests,
    Map<TierName, Long> servedBy,
    double disagreement,
    double epsilon,
    boolean certified,
    double accuracy,
    double largeAccuracy,
    Money cost,
    Money costAllLarge,
    double trainSeconds) {
  private static final JsonMapper LINE =
      JsonMapper.builder().enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN).build();

  /** Whether the contract was broken on these requests. */
  public boolean violation() {
    return disagreement > epsilon;
  }

  /** 1 − cost ÷ costAllLarge. */
  public BigDecimal saving() {
    return cost.savingAgainst(costAllLarge);
  }

  /** One object, fields in a fixed order; money with all its digits. */
  public ObjectNode toJson() {
    ObjectNode json = LINE.createObjectNode();
    json.put("requests", requests);
    ObjectNode served = json.putObject("servedBy");
    servedBy.forEach((tier, count) -> served.put(tier.text(), count));
    json.put("disagreement", disagreement);
    json.put("epsilon", epsilon);
    json.put("certified", certified);
    json.put("violation", violation());
    putShare(json, "accuracy", accuracy);
    putShare(json, "largeAccuracy", largeAccuracy);
    json.put("cost", cost.usd());
    json.put("costAllLarge", costAllLarge.usd());
    json.put("saving", saving());
    json.put("trainSeconds", trainSeconds);
    return json;
  }

  /** {@link #toJson} on one line, money without an exponent. */
  public String toLine() {
    return toLine(json -> {});
  }

  /** The same with more fields at its end. */
  public String toLine(Consumer<ObjectNode> more) {
    ObjectNode json = toJson();
    more.accept(json);
    try {
      return LINE.writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an outcome is always JSON", e);
    }
  }

  private static void putShare(ObjectNode json, String field, double share) {
    if (Double.isNaN(share)) {
      json.putNull(field);
    } else {
      json.put(field, share);
    }
  }
}
