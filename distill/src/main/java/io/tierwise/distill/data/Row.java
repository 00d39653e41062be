package io.tierwise.distill.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Label;
import java.nio.file.Path;
import java.util.Optional;

/** One row of a data file, and where it stands. */
public record Row(Path file, int line, ObjectNode fields) {

  /** What is to be classified: the field {@code text}, or {@code features}. */
  public Input input() {
    try {
      if (fields.path("text").isTextual()) {
        return new Input.Text(fields.get("text").textValue());
      }
      if (fields.path("features").isArray()) {
        return new Input.Features(features(fields.get("features")));
      }
    } catch (InvalidValueException e) {
      throw e.within(place());
    }
    throw new InvalidValueException(
        place(), "it has neither 'text' (a string) nor 'features' (numbers)", "add one of them");
  }

  /** The field {@code text}, where only texts will do. */
  public String text() {
    return switch (input()) {
      case Input.Text text -> text.value();
      case Input.Features features ->
          throw new InvalidValueException(place(), "it holds features", "give texts here");
    };
  }

  /** The label in a field; empty when the field is absent or null. */
  public Optional<Label> label(String field) {
    JsonNode value = fields.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    if (!value.isTextual() && !value.isIntegralNumber()) {
      throw new InvalidValueException(
          place() + "." + field, "it is neither a string nor a whole number", "write a label");
    }
    try {
      return Optional.of(new Label(value.asText()));
    } catch (InvalidValueException e) {
      throw new InvalidValueException(place() + "." + field, e.trouble(), e.fix());
    }
  }

  /** {@code FILE:LINE}. */
  public String place() {
    return file + ":" + line;
  }

  private static float[] features(JsonNode array) {
    float[] values = new float[array.size()];
    for (int i = 0; i < values.length; i++) {
      if (!array.get(i).isNumber()) {
        throw new InvalidValueException(
            "features[" + i + "]", "it is no number", "write numbers only");
      }
      values[i] = array.get(i).floatValue();
    }
    return values;
  }
}
