package io.tierwise.gateway.prompt;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where an answer holds its label. */
public enum AnswerParser {
  /** The label is the whole answer. */
  EXACT {
    @Override
    public Optional<String> label(String answer, boolean whole) {
      return whole ? Optional.of(answer) : Optional.empty();
    }

    @Override
    String write(String label) {
      return label;
    }
  },
  /** The label is the first line that is not blank; what follows is not read. */
  FIRST_LINE {
    @Override
    public Optional<String> label(String answer, boolean whole) {
      String begun = answer.stripLeading();
      int end = begun.indexOf('\n');
      if (end >= 0) {
        return Optional.of(begun.substring(0, end));
      }
      return whole ? Optional.of(begun) : Optional.empty();
    }

    @Override
    String write(String label) {
      return label;
    }
  },
  /** The answer is a JSON object, bare or in a fenced block, with a field {@code label}. */
  JSON {
    @Override
    public Optional<String> label(String answer, boolean whole) {
      Matcher fenced = FENCED.matcher(answer);
      try {
        JsonNode root = MAPPER.readTree(fenced.matches() ? fenced.group(1) : answer);
        return Optional.ofNullable(root.path(FIELD).textValue());
      } catch (JsonProcessingException e) {
        return Optional.empty();
      }
    }

    @Override
    String write(String label) {
      return JsonNodeFactory.instance.objectNode().put(FIELD, label).toString();
    }
  };

  /** The field of {@link #JSON}'s object. */
  public static final String FIELD = "label";

  private static final Pattern FENCED = Pattern.compile("(?s)\\s*```(?:json)?\\s*(.*?)\\s*```\\s*");
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /**
   * The words that should be a label; empty where the answer is not of this form.
   *
   * @param whole whether the model had said all; what was cut off may be the beginning of a label
   */
  public abstract Optional<String> label(String answer, boolean whole);

  /** The answer that holds a label, for examples. */
  abstract String write(String label);
}
