package io.tierwise.aws.student;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.request.Input;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a student function is asked: {@code {"version": 1, "task", "artifact"?, "inputs": [{"text"}
 * | {"features"}]}}.
 *
 * @param artifact the version that must answer; null for whichever is live
 */
public record StudentRequest(String task, @Nullable String artifact, List<Input> inputs) {
  static final int VERSION = 1;
  private static final int MOST_INPUTS = 256;
  private static final ObjectMapper JSON = new ObjectMapper();

  public StudentRequest {
    inputs = List.copyOf(inputs);
    if (inputs.isEmpty() || inputs.size() > MOST_INPUTS) {
      throw new InvalidValueException(
          "inputs", "there are " + inputs.size(), "send 1 to " + MOST_INPUTS);
    }
  }

  public byte[] encode() {
    ObjectNode root = JSON.createObjectNode().put("version", VERSION).put("task", task);
    if (artifact != null) {
      root.put("artifact", artifact);
    }
    ArrayNode all = root.putArray("inputs");
    for (Input input : inputs) {
      switch (input) {
        case Input.Text text -> all.addObject().put("text", text.value());
        case Input.Features features -> {
          ArrayNode values = all.addObject().putArray("features");
          for (float value : features.toArray()) {
            values.add(value);
          }
        }
      }
    }
    return root.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  /**
   * @throws InvalidValueException names the field that is wrong
   */
  public static StudentRequest decode(InputStream body) throws IOException {
    JsonNode root = read(body);
    if (root.path("version").asInt(0) != VERSION) {
      throw new InvalidValueException(
          "version", "'" + root.path("version").asText() + "' is not known", "send " + VERSION);
    }
    String task = root.path("task").textValue();
    if (task == null) {
      throw new InvalidValueException("task", "it is missing", "name the task");
    }
    List<Input> inputs = new ArrayList<>();
    int index = 0;
    for (JsonNode input : root.path("inputs")) {
      inputs.add(input(input, "inputs[" + index++ + "]"));
    }
    return new StudentRequest(task, root.path("artifact").textValue(), inputs);
  }

  private static JsonNode read(InputStream body) throws IOException {
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw new InvalidValueException("body", "it is no JSON", "send a JSON object");
    }
  }

  private static Input input(JsonNode node, String field) {
    if (node.path("text").isTextual()) {
      return new Input.Text(node.path("text").textValue());
    }
    JsonNode features = node.path("features");
    if (!features.isArray()) {
      throw new InvalidValueException(field, "has neither text nor features", "send one of them");
    }
    float[] values = new float[features.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) features.get(i).asDouble(Double.NaN);
    }
    return new Input.Features(values);
  }
}
