package io.tierwise.student.win;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What can be seen of a prompt without understanding it: how long it is, what it is made of,
 * whether it holds code, mathematics, choices or another script, how many turns it has, and its
 * {@link ArithmeticFeatures}. One class for training and for serving; anything that changes a
 * number changes {@link #VERSION}.
 */
public final class PromptFeatures {
  public static final String VERSION = "prompt/2";

  /** How many numbers there are. */
  public static final int COUNT = 29 + ArithmeticFeatures.COUNT;

  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}_]+");
  private static final Pattern NUMBER = Pattern.compile("\\d+(?:\\.\\d+)?");
  private static final Pattern OPTION = Pattern.compile("[A-E][.)]\\s.*", Pattern.DOTALL);
  private static final Pattern BARE_NUMBER =
      Pattern.compile("[A-E][.)]\\s*[-$−]?[\\d.,/]+\\s*%?\\S{0,3}");
  private static final Pattern NEGATION =
      Pattern.compile("\\b(NOT|EXCEPT|not|except|false|incorrect|least)\\b");
  private static final Pattern SWEEPING =
      Pattern.compile("none of|all of|both|neither", Pattern.CASE_INSENSITIVE);
  private static final Pattern COMBINED = Pattern.compile("\\b(I|II|III)\\b( and|,| only)");
  private static final Pattern CODE =
      Pattern.compile("[{};]|def |int |for \\(|=>|==|```|#include|public |import ");
  private static final String MATHEMATICAL = "+-*/=^<>∑∫√";
  private static final String BRACKETS = "()[]{}";

  private PromptFeatures() {}

  /**
   * @param prompt the text that is asked
   * @param turns how many messages of the user's the conversation has, this one included
   * @return {@link #COUNT} finite numbers
   */
  public static double[] of(String prompt, int turns) {
    List<String> options = new ArrayList<>();
    StringBuilder rest = new StringBuilder();
    String[] lines = prompt.split("\n", -1);
    for (String line : lines) {
      if (OPTION.matcher(line).matches()) {
        options.add(line);
      } else if (!line.equals("Answer:")) {
        rest.append(rest.isEmpty() ? "" : "\n").append(line);
      }
    }
    Row row = new Row();
    whole(row, prompt, lines.length);
    options(row, options, rest.toString());
    body(row, rest.toString(), String.join(" ", options));
    row.add(COMBINED.matcher(prompt).find());
    row.add(prompt.contains("Statement 1"));
    row.add(CODE.matcher(prompt).find());
    row.add(prompt.indexOf('"') >= 0);
    row.add(prompt.chars().anyMatch(each -> each > 127));
    row.add(turns);
    ArithmeticFeatures.of(prompt).forEach(row::add);
    return row.values;
  }

  private static void whole(Row row, String prompt, int lines) {
    double length = Math.max(1, prompt.length());
    long words = WORD.matcher(prompt).results().count();
    row.add(StrictMath.log(length));
    row.add(StrictMath.log(1.0 + words));
    row.add(length / Math.max(1, words));
    row.add(prompt.chars().filter(Character::isDigit).count() / length);
    row.add(prompt.chars().filter(Character::isUpperCase).count() / length);
    row.add(lines);
    row.add(prompt.chars().filter(each -> MATHEMATICAL.indexOf(each) >= 0).count() / length);
    row.add(prompt.chars().filter(each -> BRACKETS.indexOf(each) >= 0).count() / length);
    row.add(StrictMath.log(1.0 + NUMBER.matcher(prompt).results().count()));
    row.add(count(prompt, '?'));
    row.add(prompt.indexOf('\\') >= 0 || prompt.indexOf('$') >= 0);
  }

  private static void options(Row row, List<String> options, String body) {
    double[] lengths = options.stream().mapToDouble(each -> each.length() - 3.0).toArray();
    double mean = mean(lengths);
    double squares = 0;
    for (double length : lengths) {
      squares += (length - mean) * (length - mean);
    }
    row.add(options.size());
    row.add(StrictMath.log(1 + Math.max(0, mean)));
    row.add(StrictMath.log(1 + Math.sqrt(squares / Math.max(1, lengths.length))));
    row.add(options.stream().filter(each -> BARE_NUMBER.matcher(each).matches()).count());
    List<Set<String>> sets = options.stream().map(each -> words(each.substring(2))).toList();
    row.add(alike(sets));
    row.add(repeated(sets, words(body)));
  }

  private static void body(Row row, String body, String options) {
    row.add(StrictMath.log(1.0 + body.length()));
    row.add(NEGATION.matcher(body).find());
    row.add(body.indexOf('_') >= 0);
    row.add(count(body, '.'));
    row.add(count(body, ','));
    row.add(SWEEPING.matcher(options).find());
  }

  /** How much two choices' words have in common, on average. */
  private static double alike(List<Set<String>> sets) {
    double sum = 0;
    int pairs = 0;
    for (int i = 0; i < sets.size(); i++) {
      for (int j = 0; j < i; j++) {
        Set<String> all = new HashSet<>(sets.get(i));
        all.addAll(sets.get(j));
        sum += (double) common(sets.get(i), sets.get(j)) / Math.max(1, all.size());
        pairs++;
      }
    }
    return sum / Math.max(1, pairs);
  }

  /** The share of a choice's words that the question has too, on average. */
  private static double repeated(List<Set<String>> sets, Set<String> body) {
    return mean(
        sets.stream()
            .mapToDouble(set -> (double) common(set, body) / Math.max(1, set.size()))
            .toArray());
  }

  private static long common(Set<String> one, Set<String> other) {
    return one.stream().filter(other::contains).count();
  }

  private static Set<String> words(String text) {
    Set<String> words = new HashSet<>();
    Matcher matcher = WORD.matcher(text.toLowerCase(Locale.ROOT));
    while (matcher.find()) {
      words.add(matcher.group());
    }
    return words;
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / Math.max(1, values.length);
  }

  private static long count(String text, char wanted) {
    return text.chars().filter(each -> each == wanted).count();
  }

  /** The numbers so far. */
  private static final class Row {
    private final double[] values = new double[COUNT];
    private int size;

    void add(double value) {
      values[size++] = value;
    }

    void add(long count) {
      add((double) count);
    }

    void add(boolean holds) {
      add(holds ? 1 : 0);
    }
  }
}
