package io.tierwise.gateway.dialect;

import static io.tierwise.gateway.dialect.DialectException.badRequest;
import static io.tierwise.gateway.dialect.StrictJson.absent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.InputForm;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the body of an inference: one tensor of inputs, and which outputs are wanted. */
final class InferReader {
  private static final int MAXIMUM_ID = 128;
  private static final Set<String> KNOWN = Set.of("id", "parameters", "inputs", "outputs");

  private final ObjectNode body;

  InferReader(ObjectNode body) {
    this.body = body;
    onlyKnown(body, KNOWN, "");
    parameters(body, "");
  }

  /** What the caller calls the request; empty when it has no name. */
  Optional<String> id() {
    JsonNode id = body.path("id");
    if (absent(id)) {
      return Optional.empty();
    }
    if (!id.isTextual() || id.textValue().isEmpty() || id.textValue().length() > MAXIMUM_ID) {
      throw badRequest(
          "id", "'id' must be a string of 1 to " + MAXIMUM_ID + " characters.", "invalid_value");
    }
    return Optional.of(StrictJson.wellFormed(id.textValue()));
  }

  /** The rows of the one input tensor. */
  List<Input> inputs(InputForm form) {
    JsonNode inputs = body.path("inputs");
    if (absent(inputs)) {
      throw badRequest(
          "inputs", "'inputs' is missing: send one tensor.", "missing_required_parameter");
    }
    if (!(inputs instanceof ArrayNode tensors) || tensors.size() != 1) {
      throw badRequest("inputs", "'inputs' must be a list of one tensor.", "invalid_value");
    }
    return new TensorReader(object(tensors.get(0), "inputs[0]"), "inputs[0]").rows(form);
  }

  /** All of them when the caller names none. */
  Set<OutputTensor> outputs() {
    JsonNode outputs = body.path("outputs");
    if (absent(outputs)) {
      return EnumSet.allOf(OutputTensor.class);
    }
    if (!(outputs instanceof ArrayNode wanted) || wanted.isEmpty()) {
      throw badRequest("outputs", "'outputs' must be a list of tensors.", "invalid_type");
    }
    Set<OutputTensor> tensors = EnumSet.noneOf(OutputTensor.class);
    for (int i = 0; i < wanted.size(); i++) {
      String field = "outputs[" + i + "]";
      ObjectNode output = object(wanted.get(i), field);
      onlyKnown(output, Set.of("name", "parameters"), field + ".");
      parameters(output, field + ".");
      tensors.add(output(output.path("name").asText(), field + ".name"));
    }
    return tensors;
  }

  private static OutputTensor output(String name, String field) {
    for (OutputTensor tensor : OutputTensor.values()) {
      if (tensor.text().equals(name)) {
        return tensor;
      }
    }
    throw badRequest(
        field, "'" + field + "' must be label, probabilities or confidence.", "invalid_value");
  }

  static ObjectNode object(JsonNode node, String field) {
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw badRequest(field, "'" + field + "' must be an object.", "invalid_type");
  }

  static void onlyKnown(ObjectNode object, Set<String> known, String prefix) {
    object
        .fieldNames()
        .forEachRemaining(name -> {
          if (!known.contains(name)) {
            String field = prefix + StrictJson.excerpt(name);
            throw badRequest(field, "'" + field + "' is unknown.", "unknown_parameter");
          }
        });
  }

  /** Parameters are the caller's own, but for those that ask for the binary extension. */
  static void parameters(ObjectNode object, String prefix) {
    JsonNode parameters = object.path("parameters");
    if (absent(parameters)) {
      return;
    }
    String field = prefix + "parameters";
    for (Map.Entry<String, JsonNode> parameter : object(parameters, field).properties()) {
      boolean off = parameter.getValue().isBoolean() && !parameter.getValue().booleanValue();
      if (parameter.getKey().startsWith("binary_data") && !off) {
        String name = field + "." + StrictJson.excerpt(parameter.getKey());
        throw badRequest(
            name,
            "'" + name + "' is not supported: tensors are JSON only, without binary data.",
            "unsupported_parameter");
      }
    }
  }
}
