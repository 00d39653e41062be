package io.tierwise.aws.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One line of Prometheus' text form. */
record Sample(Key key, double value) {
  private static final Pattern LINE =
      Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{([^}]*)})? (\\S+)");
  private static final Pattern LABEL = Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"([^\"]*)\"");

  /** Which series it belongs to. */
  record Key(String name, Map<String, String> labels) {}

  static List<Sample> parse(String text) {
    List<Sample> samples = new ArrayList<>();
    for (String line : text.split("\n", -1)) {
      Matcher matcher = LINE.matcher(line);
      if (!line.startsWith("#") && matcher.matches()) {
        Map<String, String> labels = new TreeMap<>();
        if (matcher.group(2) != null) {
          Matcher label = LABEL.matcher(matcher.group(2));
          while (label.find()) {
            labels.put(label.group(1), label.group(2));
          }
        }
        samples.add(new Sample(new Key(matcher.group(1), labels), number(matcher.group(3))));
      }
    }
    return samples;
  }

  private static double number(String text) {
    return switch (text) {
      case "+Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text);
    };
  }

  boolean isBucket() {
    return key.name().endsWith("_bucket");
  }

  boolean countsUp() {
    String name = key.name();
    return name.endsWith("_total") || name.endsWith("_count") || name.endsWith("_sum");
  }
}
