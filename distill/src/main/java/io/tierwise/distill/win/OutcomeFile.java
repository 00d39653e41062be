package io.tierwise.distill.win;

import com.fasterxml.jackson.databind.JsonNode;
import io.tierwise.distill.data.JsonLines;
import io.tierwise.distill.data.Row;
import io.tierwise.router.InvalidValueException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Outcomes in a file: rows with {@code prompt}, and {@code strong_correct} and {@code weak_correct}
 * (true, false, 1 or 0) or {@code strong_score} and {@code weak_score}; with {@code turns}, {@code
 * domain}, {@code contaminated} and {@code time} (ISO 8601) where they are known.
 */
public final class OutcomeFile {
  private OutcomeFile() {}

  /**
   * @param topScore what scores are divided by; 1 where they lie in [0, 1]
   * @throws InvalidValueException naming the row and field that cannot be used
   */
  public static List<Outcome> read(Path file, double topScore) throws IOException {
    if (!(topScore > 0 && Double.isFinite(topScore))) {
      throw new InvalidValueException("top score", topScore + " is none", "give more than 0");
    }
    List<Outcome> outcomes = new ArrayList<>();
    for (Row row : JsonLines.read(file)) {
      try {
        outcomes.add(outcome(row.fields(), topScore));
      } catch (InvalidValueException e) {
        throw e.within(row.place());
      }
    }
    return outcomes;
  }

  /** Whether every score is 0 or 1. */
  public static boolean binary(List<Outcome> outcomes) {
    return outcomes.stream().allMatch(each -> whole(each.strong()) && whole(each.weak()));
  }

  private static boolean whole(double score) {
    return score == 0 || score == 1;
  }

  private static Outcome outcome(JsonNode row, double topScore) {
    String prompt = row.path("prompt").textValue();
    if (prompt == null) {
      throw new InvalidValueException("prompt", "it is no string", "give the prompt's text");
    }
    JsonNode turns = row.path("turns");
    if (!turns.isMissingNode() && !(turns.isInt() && turns.intValue() > 0)) {
      throw new InvalidValueException("turns", "it is no count", "give 1 or more");
    }
    return new Outcome(
        prompt,
        turns.asInt(1),
        score(row, "strong", topScore),
        score(row, "weak", topScore),
        row.path("domain").asText(""),
        row.path("contaminated").asBoolean(false),
        time(row.path("time")));
  }

  private static @Nullable Instant time(JsonNode time) {
    if (time.isMissingNode() || time.isNull()) {
      return null;
    }
    try {
      return Instant.parse(time.asText());
    } catch (DateTimeParseException e) {
      throw new InvalidValueException(
          "time", time + " is no moment", "write it as 2026-03-01T12:00:00Z, or leave it out");
    }
  }

  private static double score(JsonNode row, String model, double topScore) {
    JsonNode correct = row.path(model + "_correct");
    if (correct.isBoolean()) {
      return correct.booleanValue() ? 1 : 0;
    }
    boolean right = correct.isNumber();
    JsonNode given = right ? correct : row.path(model + "_score");
    double value = given.isNumber() ? given.doubleValue() / (right ? 1 : topScore) : Double.NaN;
    if (!(value >= 0 && value <= 1)) {
      throw new InvalidValueException(
          model + (right ? "_correct" : "_score"),
          "it is " + (given.isMissingNode() ? "missing" : given + " of " + topScore),
          "give " + model + "_correct as true or false, or " + model + "_score from 0 to the top");
    }
    return value;
  }
}
