package io.tierwise.local;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Reads and writes bodies. */
final class Json {
  static final int DEEPEST = 32;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private Json() {}

  /**
   * @throws RefusedException where the body is no JSON object
   */
  static ObjectNode object(byte[] body) {
    try {
      JsonNode root = MAPPER.readTree(body);
      if (root instanceof ObjectNode object) {
        return object;
      }
      throw RefusedException.invalid("body", "must be a JSON object.");
    } catch (StreamConstraintsException e) {
      throw RefusedException.invalid("body", "is too large or too deep: " + e.getOriginalMessage());
    } catch (JsonProcessingException e) {
      throw RefusedException.invalid("body", "is no JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] bytes(JsonNode node) {
    try {
      return MAPPER.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * An optional flag.
   *
   * @throws RefusedException where the field is there and neither true, false nor null
   */
  static boolean flag(ObjectNode body, String field) {
    JsonNode value = body.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return false;
    }
    if (!value.isBoolean()) {
      throw RefusedException.invalid(field, "must be true or false.");
    }
    return value.booleanValue();
  }

  /**
   * An optional whole number.
   *
   * @throws RefusedException where the field is there and not a whole number in the range
   */
  static int number(ObjectNode body, String field, int least, int most, int otherwise) {
    JsonNode value = body.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return otherwise;
    }
    if (!value.isInt() || value.intValue() < least || value.intValue() > most) {
      throw RefusedException.invalid(
          field, "must be a whole number from " + least + " to " + most + ".");
    }
    return value.intValue();
  }
}
