package io.tierwise.student.encoder;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tierwise.router.InvalidValueException;
import io.tierwise.student.onnx.Lifespan;
import io.tierwise.student.onnx.Tensor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Cuts texts into the word pieces of a {@code tokenizer.json} and lays them out as an encoder's
 * inputs. The one way of it, in training and in serving. Thread-safe.
 */
public final class WordPieces implements AutoCloseable {
  /** This class's way of reading, as manifests name it. */
  public static final String VERSION = "wordpiece/1";

  /** The file of an artifact that holds the tokenizer. */
  public static final String FILE = "tokenizer.json";

  private final Lifespan lifespan = new Lifespan(VERSION);
  private final HuggingFaceTokenizer tokenizer;
  private final int mostTokens;

  private WordPieces(HuggingFaceTokenizer tokenizer, int mostTokens) {
    this.tokenizer = tokenizer;
    this.mostTokens = mostTokens;
  }

  /**
   * @param place for messages
   * @param json a {@code tokenizer.json}; its {@code truncation.max_length} says how many tokens of
   *     a text are read, [CLS] and [SEP] among them
   * @throws InvalidValueException where it is no tokenizer
   */
  public static WordPieces load(String place, byte[] json) throws IOException {
    int mostTokens = mostTokens(place, json);
    String most = Integer.toString(mostTokens);
    Map<String, String> options =
        Map.of("truncation", "true", "maxLength", most, "modelMaxLength", most, "padding", "false");
    try {
      return new WordPieces(
          HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), options), mostTokens);
    } catch (RuntimeException e) {
      throw new InvalidValueException(
          place, "the tokenizer does not load: " + e.getMessage(), "publish the artifact again");
    }
  }

  /** How many tokens of a text are read at most, [CLS] and [SEP] among them. */
  public int mostTokens() {
    return mostTokens;
  }

  /**
   * The tokens of a text, [CLS] first and [SEP] last.
   *
   * @throws IllegalStateException after {@link #close}
   */
  public long[] tokens(String text) {
    return lifespan.during(() -> tokenizer.encode(text).getIds());
  }

  /**
   * {@code input_ids} and {@code attention_mask}, a row for each text, padded to the longest with
   * token 0 and mask 0.
   */
  public Tensor[] tensors(List<String> texts) {
    return tensors(texts.stream().map(this::tokens).toArray(long[][]::new));
  }

  /** As {@link #tensors(List)}, of texts cut already. */
  public static Tensor[] tensors(long[][] tokens) {
    int rows = tokens.length;
    int longest = 0;
    for (long[] row : tokens) {
      longest = Math.max(longest, row.length);
    }
    long[] ids = new long[rows * longest];
    long[] mask = new long[rows * longest];
    for (int row = 0; row < rows; row++) {
      int length = tokens[row].length;
      System.arraycopy(tokens[row], 0, ids, row * longest, length);
      Arrays.fill(mask, row * longest, row * longest + length, 1);
    }
    return new Tensor[] {
      new Tensor.Longs("input_ids", ids, rows, longest),
      new Tensor.Longs("attention_mask", mask, rows, longest)
    };
  }

  @Override
  public void close() {
    lifespan.end(tokenizer::close);
  }

  private static int mostTokens(String place, byte[] json) {
    try {
      JsonNode most =
          new ObjectMapper()
              .readTree(new String(json, StandardCharsets.UTF_8))
              .path("truncation")
              .path("max_length");
      if (most.isInt() && most.intValue() > 2) {
        return most.intValue();
      }
    } catch (JsonProcessingException e) {
      throw new InvalidValueException(
          place, "it is no JSON: " + e.getOriginalMessage(), "publish the artifact again");
    }
    throw new InvalidValueException(
        place + ".truncation.max_length",
        "it is missing or no whole number above 2",
        "say how many tokens of a text are read");
  }
}
