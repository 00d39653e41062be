package io.tierwise.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.router.request.Distribution;
import io.tierwise.student.model.Prediction;
import java.util.ArrayList;
import java.util.List;

/**
 * The form of SageMaker's {@code /invocations}: {@code {"inputs": [TEXT]}} is answered by {@code
 * {"model", "version", "outputs": [{"label", "probabilities": {LABEL: p}}], "usage":
 * {"prompt_tokens", "completion_tokens"}}}.
 */
record Invocation(List<String> inputs) {
  private static final int MOST_INPUTS = 256;

  static Invocation read(ObjectNode body) {
    JsonNode inputs = body.path("inputs");
    if (!inputs.isArray() || inputs.isEmpty() || inputs.size() > MOST_INPUTS) {
      throw RefusedException.invalid("inputs", "must be a list of 1 to " + MOST_INPUTS + " texts.");
    }
    List<String> texts = new ArrayList<>(inputs.size());
    for (int i = 0; i < inputs.size(); i++) {
      String text = inputs.get(i).textValue();
      if (text == null || text.isBlank()) {
        throw RefusedException.invalid(
            "inputs[" + i + "]", text == null ? "must be a text." : "is blank.");
      }
      texts.add(text);
    }
    return new Invocation(List.copyOf(texts));
  }

  /** The body of the answer. */
  static ObjectNode answer(
      List<Prediction> predictions, int promptTokens, String model, String version) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("model", model).put("version", version);
    ArrayNode outputs = root.putArray("outputs");
    for (Prediction prediction : predictions) {
      ObjectNode output = outputs.addObject().put("label", prediction.label().value());
      ObjectNode probabilities = output.putObject("probabilities");
      Distribution distribution = prediction.distribution();
      for (int label = 0; label < distribution.labels().size(); label++) {
        probabilities.put(
            distribution.labels().get(label).value(), distribution.probability(label));
      }
    }
    root.putObject("usage")
        .put("prompt_tokens", promptTokens)
        .put("completion_tokens", predictions.size());
    return root;
  }
}
