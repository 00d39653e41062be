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
 * Answered inputs in a file: rows with {@code text} or {@code features}, and an answer. {@code
 * probabilities} are those of {@code reference}; they say nothing about any other field.
 */
public final class AnsweredFile {
  /** The field that holds the large model's answer where nothing else is said. */
  public static final String REFERENCE = "reference";

  /** The field that holds the reference's probabilities by label. */
  public static final String PROBABILITIES = "probabilities";

  private AnsweredFile() {}

  /**
   * The rows that have an answer.
   *
   * @param field the field that holds it
   * @throws InvalidValueException naming the row, where one is unusable; or when none has an answer
   */
  public static List<Answered> read(Path file, String field) throws IOException {
    List<Answered> answers = new ArrayList<>();
    for (Row row : JsonLines.read(file)) {
      Optional<Label> label = row.label(field);
      if (label.isPresent()) {
        answers.add(
            new Answered(
                row.input(),
                label.get(),
                field.equals(REFERENCE)
                    ? distribution(row, label.get())
                    : Distribution.certain(label.get())));
      }
    }
    if (answers.isEmpty()) {
      throw new InvalidValueException(
          file.toString(), "no row has a '" + field + "'", "name the field that holds the answer");
    }
    return answers;
  }

  private static Distribution distribution(Row row, Label label) {
    JsonNode probabilities = row.fields().path(PROBABILITIES);
    if (probabilities.isMissingNode() || probabilities.isNull()) {
      return Distribution.certain(label);
    }
    try {
      return distribution(probabilities, label);
    } catch (InvalidValueException e) {
      throw new InvalidValueException(row.place() + "." + PROBABILITIES, e.trouble(), e.fix());
    }
  }

  private static Distribution distribution(JsonNode probabilities, Label label) {
    if (!probabilities.isObject()) {
      throw new InvalidValueException(
          PROBABILITIES, "they are no object", "write {\"LABEL\": PROBABILITY, …}");
    }
    List<Label> labels = new ArrayList<>();
    double[] values = new double[probabilities.size()];
    for (Map.Entry<String, JsonNode> entry : probabilities.properties()) {
      if (!entry.getValue().isNumber()) {
        throw new InvalidValueException(
            PROBABILITIES, "that of '" + entry.getKey() + "' is no number", "write numbers only");
      }
      values[labels.size()] = entry.getValue().doubleValue();
      labels.add(new Label(entry.getKey()));
    }
    if (!labels.contains(label)) {
      throw new InvalidValueException(
          PROBABILITIES,
          "the answer '" + label + "' has none",
          "give the probabilities that the answer was taken from, or leave them out");
    }
    return Distribution.of(labels, values);
  }
}
