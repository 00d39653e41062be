package io.tierwise.gateway.tier;

import com.fasterxml.jackson.databind.JsonNode;
import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingRegistry;
import com.knuddels.jtokkit.api.EncodingType;
import io.tierwise.router.cost.Usage;

/**
 * Counts tokens where an endpoint does not report them: by the model's own encoding where it is one
 * of OpenAI's, by {@code o200k_base} otherwise, which for other models is off by some percent. A
 * message counts 3 tokens beside its role and words, and the beginning of the answer 3 (OpenAI's
 * cookbook, "How to count tokens with tiktoken").
 */
public final class TokenCount {
  private static final int PER_MESSAGE = 3;
  private static final int ANSWER_BEGINS = 3;

  /** Reads an encoding's file, of some megabytes, when it is first asked for. */
  private static final EncodingRegistry ENCODINGS = Encodings.newLazyEncodingRegistry();

  private TokenCount() {}

  /** What was called, with the tokens that question and reply come to. */
  public static Usage estimate(String model, JsonNode question, JsonNode reply, Usage called) {
    Encoding encoding =
        ENCODINGS
            .getEncodingForModel(model)
            .orElseGet(() -> ENCODINGS.getEncoding(EncodingType.O200K_BASE));
    JsonNode messages = question.path("messages");
    long input = messages.isArray() ? ANSWER_BEGINS : texts(encoding, question);
    for (JsonNode message : messages) {
      input += PER_MESSAGE + texts(encoding, message);
    }
    JsonNode said = reply.path("choices").path(0).path("message").path("content");
    return called.withEstimate(input, texts(encoding, said.isMissingNode() ? reply : said));
  }

  /** The tokens of every text in it; names of fields are not counted. */
  private static long texts(Encoding encoding, JsonNode node) {
    if (node.isTextual()) {
      return encoding.countTokensOrdinary(node.textValue());
    }
    long sum = 0;
    for (JsonNode child : node) {
      sum += texts(encoding, child);
    }
    return sum;
  }
}
