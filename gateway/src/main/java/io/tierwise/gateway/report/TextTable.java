package io.tierwise.gateway.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Aligned text: keys to the left, figures to the right, keys cut short where a line is too long.
 */
public final class TextTable {
  private static final int WIDEST = 100;
  private static final int NARROWEST_KEY = 10;
  private static final String GAP = "  ";

  private final int keys;
  private final List<List<String>> lines = new ArrayList<>();

  /**
   * @param keys how many of a line's first cells are keys
   */
  public TextTable(int keys) {
    this.keys = keys;
  }

  /** Control characters, which a model's name may hold, are shown as question marks. */
  public void add(List<String> cells) {
    lines.add(cells.stream().map(cell -> cell.replaceAll("\\p{Cntrl}", "?")).toList());
  }

  /** A line across. */
  public void rule() {
    lines.add(List.of());
  }

  public String render() {
    int[] widths = widths();
    StringBuilder text = new StringBuilder();
    for (List<String> line : lines) {
      text.append(line.isEmpty() ? "-".repeat(total(widths)) : render(line, widths)).append('\n');
    }
    return text.toString();
  }

  private String render(List<String> line, int[] widths) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < line.size(); i++) {
      String cell = cut(line.get(i), widths[i]);
      String padding = " ".repeat(widths[i] - cell.codePointCount(0, cell.length()));
      text.append(i == 0 ? "" : GAP).append(i < keys ? cell + padding : padding + cell);
    }
    return text.toString().stripTrailing();
  }

  private int[] widths() {
    int[] widths = new int[lines.getFirst().size()];
    for (List<String> line : lines) {
      for (int i = 0; i < line.size(); i++) {
        widths[i] = Math.max(widths[i], line.get(i).codePointCount(0, line.get(i).length()));
      }
    }
    for (int widest = widestKey(widths);
        total(widths) > WIDEST && widest >= 0 && widths[widest] > NARROWEST_KEY;
        widest = widestKey(widths)) {
      widths[widest]--;
    }
    return widths;
  }

  private int widestKey(int[] widths) {
    int widest = keys == 0 ? -1 : 0;
    for (int i = 1; i < keys; i++) {
      if (widths[i] > widths[widest]) {
        widest = i;
      }
    }
    return widest;
  }

  private static int total(int[] widths) {
    int total = GAP.length() * (widths.length - 1);
    for (int width : widths) {
      total += width;
    }
    return total;
  }

  private static String cut(String cell, int width) {
    return cell.codePointCount(0, cell.length()) <= width
        ? cell
        : cell.substring(0, cell.offsetByCodePoints(0, width - 1)) + "…";
  }
}
