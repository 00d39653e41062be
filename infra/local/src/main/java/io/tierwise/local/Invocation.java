package io.tierwise.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.router.request.Distribution;
import io.tierwise.router.request.Input;
import io.tierwise.student.artifact.Manifest;
import io.tierwise.student.model.Prediction;
import java.util.ArrayList;
import java.util.List;

/**
 * The form of SageMaker's {@code /invocations}: {@code {"inputs": [INPUT]}}, each a text or a list
 * of numbers, is answered by {@code {"model", "version", "outputs": [{"label", "probabilities":
 * {LABEL: p}}], "usage": {"prompt_tokens", "completion_tokens"}}}. Numbers have no tokens, so there
 * is no usage of them.
 */
record Invocation(List<Input> inputs) {
  private static final int MOST_INPUTS = 256;

  static Invocation read(ObjectNode body, Teacher teacher) {
    JsonNode inputs = body.path("inputs");
    if (!inputs.isArray() || inputs.isEmpty() || inputs.size() > MOST_INPUTS) {
      throw RefusedException.invalid("inputs", "must be a list of 1 to " + MOST_INPUTS + ".");
    }
    List<Input> read = new ArrayList<>(inputs.size());
    for (int i = 0; i < inputs.size(); i++) {
      String field = "inputs[" + i + "]";
      Input input = input(inputs.get(i), field, teacher);
      if (!teacher.student().reads(input)) {
        throw RefusedException.invalid(field, "must be " + teacher.form() + ".");
      }
      read.add(input);
    }
    return new Invocation(List.copyOf(read));
  }

  private static Input input(JsonNode node, String field, Teacher teacher) {
    if (node instanceof ArrayNode numbers && !numbers.isEmpty()) {
      return features(numbers, field);
    }
    String text = node.textValue();
    if (text == null) {
      throw RefusedException.invalid(field, "must be " + teacher.form() + ".");
    }
    if (text.isBlank()) {
      throw RefusedException.invalid(field, "is blank.");
    }
    return new Input.Text(text);
  }

  private static Input features(ArrayNode numbers, String field) {
    float[] values = new float[numbers.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = numbers.get(i).isNumber() ? numbers.get(i).floatValue() : Float.NaN;
      if (!Float.isFinite(values[i])) {
        throw RefusedException.invalid(
            field + "[" + i + "]", "must be a finite number in single precision.");
      }
    }
    return new Input.Features(values);
  }

  /** The body of the answer. */
  ObjectNode answer(List<Prediction> predictions, Teacher teacher) {
    Manifest manifest = teacher.student().artifact().manifest();
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("model", manifest.task()).put("version", manifest.version());
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
    if (teacher instanceof Teacher.OfTexts texts) {
      root.putObject("usage")
          .put("prompt_tokens", texts.tokens(inputs))
          .put("completion_tokens", predictions.size());
    }
    return root;
  }
}
