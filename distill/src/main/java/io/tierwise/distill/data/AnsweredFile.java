package io.tierwise.distill.data;

import com.fasterxml.jackson.databind.JsonNode;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.request.Distribution;
import io.tierwise.router.request.Label;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Answered inputs in a file: rows with {@code text} or {@code features}, an answer, and its {@code
 * probabilities}.
 */
public final class AnsweredFile {
  private AnsweredFile() {}

  /**
   * The rows that have an answer.
   *
   * @param field the field that holds the large model's answer
   * @throws InvalidValueException naming the row, where one is unusable; or when none has an answer
   */
  public static List<Answered> read(Path file, String field) throws IOException {
    List<Answered> answers = new ArrayList<>();
    for (Row row : JsonLines.read(file)) {
      Optional<Label> label = row.label(field);
      if (label.isPresent()) {
        answers.add(new Answered(row.input(), label.get(), distribution(row, label.get())));
      }
    }
    if (answers.isEmpty()) {
      throw new InvalidValueException(
          file.toString(), "no row has a '" + field + "'", "name the answer's field");
    }
    return answers;
  }

  private static Distribution distribution(Row row, Label label) {
    JsonNode probabilities = row.fields().path("probabilities");
    if (!probabilities.isObject()) {
      return Distribution.certain(label);
    }
    List<Label> labels = new ArrayList<>();
    List<Double> values = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : probabilities.properties()) {
      labels.add(new Label(entry.getKey()));
      values.add(entry.getValue().asDouble(Double.NaN));
    }
    try {
      return Distribution.of(labels, values.stream().mapToDouble(Double::doubleValue).toArray());
    } catch (InvalidValueException e) {
      throw e.within(row.place() + ".probabilities");
    }
  }
}
