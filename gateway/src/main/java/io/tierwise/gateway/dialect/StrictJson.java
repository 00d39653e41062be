package io.tierwise.gateway.dialect;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.gateway.json.JsonWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Reads request bodies: valid UTF-8, one JSON object, no key twice, no deep nesting. Writes JSON.
 */
final class StrictJson {
  static final int MAXIMUM_DEPTH = 32;

  private static final int USUAL_BYTES = 512;

  /** Its buffers are shared by all threads: a virtual one would keep its own for one connection. */
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(MAXIMUM_DEPTH).build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool())
          .build();

  static final JsonMapper MAPPER =
      JsonMapper.builder(FACTORY).enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private StrictJson() {}

  /**
   * @throws DialectException 400, saying where the trouble is
   */
  static ObjectNode object(byte[] body) {
    JsonNode node = parse(body);
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw refused(node.isMissingNode() ? "it is empty" : "it is no JSON object");
  }

  static byte[] bytes(JsonNode node) {
    try {
      return MAPPER.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of plain values always has a JSON form", e);
    }
  }

  /** An object of the fields that are written into it. */
  static byte[] written(Consumer<JsonWriter> fields) {
    JsonWriter json = new JsonWriter(USUAL_BYTES).beginObject();
    fields.accept(json);
    return json.endObject().toBytes();
  }

  /** {@code null} means absent, as it does for OpenAI. */
  static boolean absent(JsonNode node) {
    return node.isMissingNode() || node.isNull();
  }

  /** Callers' own words, as far as an error repeats them. */
  static String excerpt(String words) {
    return words.length() <= 64 ? words : words.substring(0, 64) + "…";
  }

  /** JSON can name half a surrogate pair by escape, but UTF-8 cannot hold it. */
  static String wellFormed(String words) {
    return new String(words.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }

  /** The reader of bytes is quicker; what is not UTF-8 it would take for something else. */
  private static JsonNode parse(byte[] body) {
    try {
      return isAscii(body) ? MAPPER.readTree(body) : MAPPER.readTree(utf8(body));
    } catch (StreamConstraintsException e) {
      throw refused(
          "it is nested deeper than " + MAXIMUM_DEPTH + " levels, or a number is too long");
    } catch (JsonProcessingException e) {
      String where =
          e.getLocation() == null
              ? ""
              : " (line "
                  + e.getLocation().getLineNr()
                  + ", column "
                  + e.getLocation().getColumnNr()
                  + ")";
      throw refused(firstLine(e.getOriginalMessage()) + where);
    } catch (IOException e) {
      throw new IllegalStateException("bytes in memory are always readable", e);
    }
  }

  private static boolean isAscii(byte[] body) {
    for (byte each : body) {
      if (each <= 0) {
        return false;
      }
    }
    return true;
  }

  private static String utf8(byte[] body) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      throw refused("it is not valid UTF-8");
    }
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse("it is not valid JSON");
  }

  private static DialectException refused(String trouble) {
    return DialectException.badRequest(
        null, "The body of the request cannot be read as JSON: " + trouble, "invalid_json");
  }
}
