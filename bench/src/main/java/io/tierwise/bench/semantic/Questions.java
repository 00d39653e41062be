package io.tierwise.bench.semantic;

import io.tierwise.distill.data.JsonLines;
import io.tierwise.distill.data.Row;
import io.tierwise.router.InvalidValueException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Questions of which it is known which have the same answer. */
final class Questions {
  private Questions() {}

  /**
   * @param group the same for questions with the same answer
   */
  record Question(String text, int group) {}

  /**
   * A sample in random order: whole groups, so that what could be answered can be.
   *
   * @param data rows {@code {a, b, ga, gb}} or {@code {text, label}}, or a directory with a {@code
   *     train.jsonl.gz} of them; a label is a group
   * @param most how many, about
   */
  static List<Question> sample(Path data, int most, long seed) throws IOException {
    Path file = Files.isDirectory(data) ? data.resolve("train.jsonl.gz") : data;
    Map<String, Integer> groups = new LinkedHashMap<>();
    Map<String, Integer> labels = new HashMap<>();
    for (Row row : JsonLines.read(file)) {
      if (!row.fields().has("ga")) {
        int known = labels.size();
        groups.putIfAbsent(
            text(row, "text"), labels.computeIfAbsent(text(row, "label"), label -> known));
        continue;
      }
      groups.putIfAbsent(text(row, "a"), number(row, "ga"));
      groups.putIfAbsent(text(row, "b"), number(row, "gb"));
    }
    Map<Integer, List<Question>> byGroup = new LinkedHashMap<>();
    groups.forEach((text, group) ->
        byGroup
            .computeIfAbsent(group, ignored -> new ArrayList<>())
            .add(new Question(text, group)));
    Random random = new Random(seed);
    if (!labels.isEmpty()) {
      List<Question> texts = new ArrayList<>();
      byGroup.values().forEach(texts::addAll);
      Collections.shuffle(texts, random);
      return texts.subList(0, Math.min(most, texts.size()));
    }
    List<List<Question>> shuffled = new ArrayList<>(byGroup.values());
    Collections.shuffle(shuffled, random);
    List<Question> sample = new ArrayList<>();
    for (List<Question> group : shuffled) {
      if (sample.size() >= most) {
        break;
      }
      sample.addAll(group);
    }
    Collections.shuffle(sample, random);
    return sample;
  }

  private static String text(Row row, String field) {
    if (!row.fields().path(field).isTextual()) {
      throw new InvalidValueException(
          row.place() + "." + field, "it is no string", "give a question");
    }
    return row.fields().path(field).textValue();
  }

  private static int number(Row row, String field) {
    if (!row.fields().path(field).isInt()) {
      throw new InvalidValueException(
          row.place() + "." + field, "it is no whole number", "give the group of the answer");
    }
    return row.fields().path(field).intValue();
  }
}
