package io.tierwise.bench.demo;

import io.tierwise.distill.data.JsonLines;
import io.tierwise.distill.data.Row;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Label;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * A stream of requests with natural repeats: texts drawn independently, each with a popularity that
 * falls as a power of its rank (Zipf), so that some questions come again and again and most are
 * rare.
 */
final class Stream {
  private static final double EXPONENT = 0.6;

  private Stream() {}

  /** One text and the label a person gave it. */
  record Utterance(String text, Label human) {}

  static List<Utterance> read(Path file) throws IOException {
    List<Utterance> utterances = new ArrayList<>();
    for (Row row : JsonLines.read(file)) {
      if (row.input() instanceof Input.Text text) {
        Label human =
            row.label("label")
                .orElseThrow(
                    () -> new InvalidValueException(row.place(), "it has no label", "add one"));
        utterances.add(new Utterance(text.value(), human));
      }
    }
    return utterances;
  }

  /** The same seed gives the same stream. */
  static List<Utterance> draw(List<Utterance> pool, int requests, long seed) {
    Random random = new Random(seed);
    List<Utterance> ranked = new ArrayList<>(pool);
    Collections.shuffle(ranked, random);
    double[] cumulative = new double[ranked.size()];
    double sum = 0;
    for (int rank = 0; rank < cumulative.length; rank++) {
      sum += Math.pow(rank + 1.0, -EXPONENT);
      cumulative[rank] = sum;
    }
    List<Utterance> stream = new ArrayList<>(requests);
    for (int i = 0; i < requests; i++) {
      int found = Arrays.binarySearch(cumulative, random.nextDouble() * sum);
      stream.add(ranked.get(found >= 0 ? found : -found - 1));
    }
    return stream;
  }
}
