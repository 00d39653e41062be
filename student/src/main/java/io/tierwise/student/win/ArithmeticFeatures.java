package io.tierwise.student.win;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What makes a word problem long to work out: how many numbers there are, how large, and the words
 * that stand for a step of the calculation.
 */
final class ArithmeticFeatures {
  private static final Pattern NUMBER = Pattern.compile("\\d[\\d,]*(?:\\.\\d+)?");
  private static final Pattern WORD = Pattern.compile("[a-z']+");
  private static final Pattern SENTENCE_END = Pattern.compile("(?<=[.!?])\\s+");
  private static final Pattern DIGIT = Pattern.compile("\\d");
  private static final Pattern NAME = Pattern.compile("(?<=[a-z,] )[A-Z][a-z]+");

  /** What larger ones count as, so that all features are finite. */
  private static final double LARGEST = 1e15;

  private static final double LARGE = 100;

  private static final Map<String, Double> NUMBER_WORDS =
      Map.ofEntries(
          Map.entry("zero", 0.0),
          Map.entry("one", 1.0),
          Map.entry("two", 2.0),
          Map.entry("three", 3.0),
          Map.entry("four", 4.0),
          Map.entry("five", 5.0),
          Map.entry("six", 6.0),
          Map.entry("seven", 7.0),
          Map.entry("eight", 8.0),
          Map.entry("nine", 9.0),
          Map.entry("ten", 10.0),
          Map.entry("eleven", 11.0),
          Map.entry("twelve", 12.0),
          Map.entry("twenty", 20.0),
          Map.entry("thirty", 30.0),
          Map.entry("forty", 40.0),
          Map.entry("fifty", 50.0),
          Map.entry("sixty", 60.0),
          Map.entry("hundred", 100.0),
          Map.entry("thousand", 1000.0),
          Map.entry("dozen", 12.0),
          Map.entry("couple", 2.0),
          Map.entry("half", 0.5),
          Map.entry("twice", 2.0),
          Map.entry("double", 2.0),
          Map.entry("triple", 3.0),
          Map.entry("third", 1 / 3.0),
          Map.entry("quarter", 0.25));

  /** Each is a feature: how often it is found in the text in lower case. */
  private static final List<Pattern> COUNTED =
      List.of(
          Pattern.compile("\\d+\\.\\d+"),
          Pattern.compile("\\d+/\\d+"),
          Pattern.compile("%|percent"),
          Pattern.compile("\\$"),
          words("each|per|every|apiece"),
          words("half|third|quarter|fifth|fraction|twice|double|triple|times"),
          words("(?:more|less|fewer|greater|older|younger|longer|taller) than"),
          words("total|altogether|combined|together|sum"),
          words("left|remain\\w*|rest"),
          words("hours?|minutes?|days?|weeks?|months?|years?|seconds?"),
          words("if|when|after|before|then"),
          words("average|ratio|profit|discount|interest|tax|speed|rate|mph|area|volume|age|old"),
          words("how many"),
          words("how much"),
          words("how (?:long|old|far)"),
          words("but|however|except|only|instead"),
          Pattern.compile(","),
          words("same|equal|as many|as much"),
          Pattern.compile("\\b(?:an?|the) (?:dozen|couple|pair)\\b|\\bdozen|\\bpair"),
          words("and"),
          words("sell|sold|buys?|bought|costs?|price|pays?|paid|spends?|spent|earns?|saves?"),
          words("next|first|second|last|another|third day|monday|tuesday"));

  /** How many numbers there are. */
  static final int COUNT = 16 + COUNTED.size();

  private ArithmeticFeatures() {}

  private static Pattern words(String alternatives) {
    return Pattern.compile("\\b(?:" + alternatives + ")\\b");
  }

  /** {@link #COUNT} finite numbers. */
  static List<Double> of(String prompt) {
    String lower = prompt.toLowerCase(Locale.ROOT);
    List<Double> digits = numbers(prompt);
    List<String> words = WORD.matcher(lower).results().map(each -> each.group()).toList();
    List<Double> all = new ArrayList<>(digits);
    words.stream().filter(NUMBER_WORDS::containsKey).map(NUMBER_WORDS::get).forEach(all::add);
    List<Double> row = new ArrayList<>(COUNT);
    magnitudes(row, digits, all);
    String[] sentences = SENTENCE_END.split(prompt.strip(), 0);
    String last = sentences[sentences.length - 1];
    double count = Math.max(1, words.size());
    row.add(all.size() / count);
    row.add(StrictMath.log1p(count));
    row.add((double) sentences.length);
    row.add(count / sentences.length);
    row.add((double) last.length());
    row.add(DIGIT.matcher(last).find() ? 1.0 : 0.0);
    row.add(words.stream().mapToInt(String::length).sum() / count);
    row.add((double) new HashSet<>(found(NAME, prompt)).size());
    COUNTED.forEach(each -> row.add((double) each.matcher(lower).results().count()));
    return row;
  }

  private static void magnitudes(List<Double> row, List<Double> digits, List<Double> all) {
    row.add(StrictMath.log1p(digits.size()));
    row.add(StrictMath.log1p(all.size()));
    row.add(StrictMath.log1p(new HashSet<>(all).size()));
    row.add(StrictMath.log1p(all.stream().mapToDouble(each -> each).max().orElse(0)));
    row.add(StrictMath.log1p(all.stream().mapToDouble(each -> each).min().orElse(0)));
    row.add(all.stream().mapToDouble(StrictMath::log1p).sum() / Math.max(1, all.size()));
    long whole = digits.stream().filter(each -> each == Math.rint(each)).count();
    row.add(whole / (double) Math.max(1, digits.size()));
    row.add((double) all.stream().filter(each -> each > LARGE).count());
  }

  private static List<Double> numbers(String text) {
    return found(NUMBER, text).stream()
        .map(each -> Math.min(LARGEST, Double.parseDouble(each.replace(",", ""))))
        .toList();
  }

  private static List<String> found(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    List<String> found = new ArrayList<>();
    while (matcher.find()) {
      found.add(matcher.group());
    }
    return found;
  }
}
