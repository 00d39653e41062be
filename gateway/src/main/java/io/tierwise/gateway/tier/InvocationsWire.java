package io.tierwise.gateway.tier;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.router.request.Answer;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Task;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The form of SageMaker's {@code /invocations}: {@code {"inputs": [INPUT]}}, a text or a list of
 * numbers, is answered by {@code {"outputs": [{"label", "probabilities": {LABEL: p}}], "usage":
 * {"prompt_tokens", "completion_tokens"}}}.
 */
public final class InvocationsWire implements Wire {
  @Override
  public String path(boolean bare) {
    return "/invocations";
  }

  @Override
  public boolean reads(Input input) {
    return true;
  }

  @Override
  public JsonNode ask(String model, Task.Classification task, Input input) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    ArrayNode inputs = root.putArray("inputs");
    switch (input) {
      case Input.Text text -> inputs.add(text.value());
      case Input.Features features -> {
        ArrayNode vector = inputs.addArray();
        for (float value : features.toArray()) {
          vector.add(value);
        }
      }
    }
    return root;
  }

  @Override
  public Reading read(Task.Classification task, JsonNode reply) {
    JsonNode output = reply.path("outputs").path(0);
    String words = output.path("label").textValue();
    if (words == null) {
      return new Reading.Malformed("the reply has no outputs[0].label");
    }
    Tokens tokens = Tokens.in(reply.path("usage")).orElse(null);
    Optional<Label> label = Labels.read(task, words);
    if (label.isEmpty()) {
      return new Reading.NoLabel("the answer is none of the labels", tokens);
    }
    Map<Label, Double> weights = weights(output.path("probabilities"));
    return new Reading.Labelled(
        new Answer.Classified(label.get(), Labels.distribution(task, label.get(), weights)),
        tokens);
  }

  @Override
  public String promptVersion(Task.Classification task) {
    return task.labels().stream()
        .map(Label::value)
        .collect(Collectors.joining("\n", "invocations:", ""));
  }

  @Override
  public String promptName(Task.Classification task) {
    return "";
  }

  private static Map<Label, Double> weights(JsonNode probabilities) {
    Map<Label, Double> weights = new HashMap<>();
    for (Map.Entry<String, JsonNode> each : probabilities.properties()) {
      if (each.getKey().isBlank()) {
        return Map.of();
      }
      weights.put(new Label(each.getKey()), each.getValue().asDouble(Double.NaN));
    }
    return weights;
  }
}
