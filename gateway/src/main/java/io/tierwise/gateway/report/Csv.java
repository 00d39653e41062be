package io.tierwise.gateway.report;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Comma-separated values as RFC 4180 has them; a null is nothing between two commas. */
final class Csv {
  private static final Pattern SPECIAL = Pattern.compile("[\",\r\n]");

  /** What a spreadsheet takes for a formula, and would run. */
  private static final Pattern FORMULA = Pattern.compile("[=+\\-@\t\r].*", Pattern.DOTALL);

  private final StringBuilder text = new StringBuilder();

  void add(List<@Nullable String> cells) {
    List<String> written = new ArrayList<>();
    for (String cell : cells) {
      written.add(cell == null ? "" : quoted(cell));
    }
    text.append(String.join(",", written)).append("\r\n");
  }

  /** A name from outside, with an apostrophe before what a spreadsheet would run. */
  static String name(String name) {
    return FORMULA.matcher(name).matches() ? "'" + name : name;
  }

  private static String quoted(String cell) {
    return cell.isEmpty() || SPECIAL.matcher(cell).find()
        ? '"' + cell.replace("\"", "\"\"") + '"'
        : cell;
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
