package io.tierwise.aws.student;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.request.Distribution;
import io.tierwise.router.request.Label;
import io.tierwise.student.model.Prediction;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a student function answers: {@code {"version": 1, "artifact", "labels", "predictions":
 * [{"confidence", "probabilities"}]}}, one prediction for each input, in their order.
 */
public record StudentResponse(String artifact, List<Prediction> predictions) {
  private static final ObjectMapper JSON = new ObjectMapper();

  public StudentResponse {
    predictions = List.copyOf(predictions);
  }

  public byte[] encode() {
    ObjectNode root =
        JSON.createObjectNode().put("version", StudentRequest.VERSION).put("artifact", artifact);
    ArrayNode labels = root.putArray("labels");
    predictions.getFirst().distribution().labels().forEach(label -> labels.add(label.value()));
    ArrayNode all = root.putArray("predictions");
    for (Prediction prediction : predictions) {
      ObjectNode node = all.addObject().put("label", prediction.label().value());
      node.put("confidence", prediction.confidence().value());
      ArrayNode probabilities = node.putArray("probabilities");
      for (double probability : prediction.distribution().toArray()) {
        probabilities.add(probability);
      }
    }
    return root.toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * @throws InvalidValueException where it is not such an answer
   */
  public static StudentResponse decode(byte[] body) {
    JsonNode root;
    try {
      root = JSON.readTree(body);
    } catch (IOException e) {
      throw new InvalidValueException("answer", "it is no JSON", "look at the function's log");
    }
    String artifact = root.path("artifact").textValue();
    if (root.path("version").asInt(0) != StudentRequest.VERSION || artifact == null) {
      throw new InvalidValueException(
          "answer", "it has no known version or no artifact", "deploy both functions together");
    }
    List<Label> labels = new ArrayList<>();
    root.path("labels").forEach(label -> labels.add(new Label(label.asText())));
    List<Prediction> predictions = new ArrayList<>();
    for (JsonNode node : root.path("predictions")) {
      JsonNode values = node.path("probabilities");
      double[] probabilities = new double[values.size()];
      for (int i = 0; i < probabilities.length; i++) {
        probabilities[i] = values.get(i).asDouble(Double.NaN);
      }
      Distribution distribution = Distribution.of(labels, probabilities);
      predictions.add(
          new Prediction(
              new Label(node.path("label").asText()),
              distribution,
              new Confidence(node.path("confidence").asDouble(Double.NaN)),
              new double[0]));
    }
    return new StudentResponse(artifact, predictions);
  }
}
