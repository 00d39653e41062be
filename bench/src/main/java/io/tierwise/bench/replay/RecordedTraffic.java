package io.tierwise.bench.replay;

import io.tierwise.distill.data.Answered;
import io.tierwise.distill.data.JsonLines;
import io.tierwise.distill.data.Row;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Label;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Requests with the large model's recorded answers.
 *
 * @param skipped rows without a recorded answer
 */
record RecordedTraffic(List<Recorded> requests, List<Label> labels, int skipped) {

  /**
   * One request.
   *
   * @param human the human label; null where there is none
   */
  record Recorded(Answered answered, @Nullable Label human) {}

  /**
   * Reads a file; the labels are the answers that occur, in their order.
   *
   * @param labelField the field with the human label; null when there is none
   */
  static RecordedTraffic read(Path file, String referenceField, @Nullable String labelField)
      throws IOException {
    List<Recorded> requests = new ArrayList<>();
    TreeSet<String> labels = new TreeSet<>();
    int skipped = 0;
    for (Row row : JsonLines.read(file)) {
      Optional<Label> reference = row.label(referenceField);
      if (reference.isEmpty()) {
        skipped++;
        continue;
      }
      Label human = labelField == null ? null : row.label(labelField).orElse(null);
      labels.add(reference.get().value());
      requests.add(new Recorded(Answered.with(text(row), reference.get()), human));
    }
    if (labels.size() < 2) {
      throw new InvalidValueException(
          "--reference-field",
          "'" + referenceField + "' has " + labels.size() + " different answers in " + file,
          "name the field that holds the large model's answers");
    }
    return new RecordedTraffic(
        List.copyOf(requests), labels.stream().map(Label::new).toList(), skipped);
  }

  private static String text(Row row) {
    return switch (row.input()) {
      case Input.Text text -> text.value();
      case Input.Features features ->
          throw new InvalidValueException(
              row.place(), "it holds features", "replay text; features come with the mlp student");
    };
  }
}
