package io.tierwise.distill.data;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.Requirement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A file's rows dealt out to named parts at random, each row to exactly one: the parts are uniform
 * samples of the file. The same file, shares and seed give the same parts.
 */
public final class FileSplit {
  private static final double ROUNDING = 1e-9;

  private final Map<String, List<Row>> parts;

  private FileSplit(Map<String, List<Row>> parts) {
    this.parts = parts;
  }

  /**
   * Deals the rows out.
   *
   * @param shares by the part's name; they add up to 1
   * @throws InvalidValueException when a share is not in (0, 1], or a part would get no row
   */
  public static FileSplit of(Path file, Map<String, Double> shares, long seed) throws IOException {
    double sum = 0;
    for (Map.Entry<String, Double> share : shares.entrySet()) {
      Requirement.identifier("parts", share.getKey());
      if (!(share.getValue() > 0)) {
        throw new InvalidValueException(
            "parts", share.getKey() + " gets " + share.getValue(), "give more than 0");
      }
      sum += share.getValue();
    }
    if (Math.abs(sum - 1) > ROUNDING) {
      throw new InvalidValueException(
          "parts", "the shares add up to " + sum, "make them add up to 1");
    }
    List<Row> rows = JsonLines.read(file);
    Collections.shuffle(rows, new Random(seed));
    return new FileSplit(deal(rows, shares));
  }

  private static Map<String, List<Row>> deal(List<Row> rows, Map<String, Double> shares) {
    Map<String, List<Row>> parts = new LinkedHashMap<>();
    double upTo = 0;
    int begin = 0;
    for (Map.Entry<String, Double> share : shares.entrySet()) {
      upTo += share.getValue();
      int end = Math.min(rows.size(), (int) Math.round(upTo * rows.size()));
      if (begin == end) {
        throw new InvalidValueException(
            "parts",
            share.getKey() + " would get none of " + rows.size() + " rows",
            "give it a larger share, or more rows");
      }
      parts.put(share.getKey(), rows.subList(begin, end));
      begin = end;
    }
    return parts;
  }

  /**
   * Writes each part to a new file {@code NAME.jsonl}.
   *
   * @return how many rows each file got
   */
  public Map<Path, Integer> write(Path directory) throws IOException {
    Map<Path, Integer> written = new LinkedHashMap<>();
    Files.createDirectories(directory);
    for (Map.Entry<String, List<Row>> part : parts.entrySet()) {
      Path file = directory.resolve(part.getKey() + ".jsonl");
      if (Files.exists(file)) {
        throw new InvalidValueException(
            file.toString(), "it is there already", "name a new directory");
      }
      List<String> lines = part.getValue().stream().map(row -> row.fields().toString()).toList();
      Files.write(file, lines, StandardOpenOption.CREATE_NEW);
      written.put(file, lines.size());
    }
    return written;
  }
}
