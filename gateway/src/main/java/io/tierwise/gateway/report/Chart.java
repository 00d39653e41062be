package io.tierwise.gateway.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * Stacked bars over days as inline SVG, with an optional line above them. It needs no script and
 * prints as it looks. What it shows is in a table as well.
 *
 * @param label what assistive technology reads in its place
 * @param series from the bottom up
 * @param line drawn across the bars; empty for none
 * @param format of a value on the axis
 */
record Chart(
    String label,
    List<String> days,
    List<Series> series,
    List<BigDecimal> line,
    Function<BigDecimal, String> format) {
  private static final int WIDTH = 720;
  private static final int HEIGHT = 220;
  private static final int LEFT = 76;
  private static final int BOTTOM = 24;
  private static final int TOP = 10;
  private static final int TICKS = 4;
  private static final int WIDEST_BAR = 56;

  /**
   * One colour of the stack.
   *
   * @param style a class of the page's style sheet
   */
  record Series(String name, String style, List<BigDecimal> values) {}

  String svg() {
    double top = axisTop(highest());
    StringBuilder svg = new StringBuilder();
    svg.append(
        "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n"
            .formatted(WIDTH, HEIGHT, Html.escaped(label)));
    axis(svg, top);
    for (int day = 0; day < days.size(); day++) {
      bar(svg, day, top);
    }
    dates(svg);
    lineAcross(svg, top);
    return svg.append("</svg>\n").toString();
  }

  private void axis(StringBuilder svg, double top) {
    for (int tick = 0; tick <= TICKS; tick++) {
      double value = top * tick / TICKS;
      double y = y(value, top);
      svg.append(
          String.format(
              Locale.ROOT,
              "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>",
              LEFT,
              WIDTH,
              y,
              y));
      svg.append(
          String.format(
              Locale.ROOT,
              "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n",
              LEFT - 8,
              y + 4,
              Html.escaped(format.apply(BigDecimal.valueOf(value)))));
    }
  }

  private void bar(StringBuilder svg, int day, double top) {
    double width = barWidth();
    double x = centre(day) - width / 2;
    double below = 0;
    for (Series each : series) {
      double value = each.values().get(day).doubleValue();
      if (value > 0) {
        double upper = y(below + value, top);
        svg.append(
            String.format(
                Locale.ROOT,
                "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\">"
                    + "<title>%s, %s: %s</title></rect>\n",
                each.style(),
                x,
                upper,
                width,
                Math.max(0.5, y(below, top) - upper),
                days.get(day),
                Html.escaped(each.name()),
                Html.escaped(format.apply(each.values().get(day)))));
        below += value;
      }
    }
  }

  private void dates(StringBuilder svg) {
    int step = Math.max(1, Math.ceilDiv(days.size(), 8));
    for (int day = 0; day < days.size(); day += step) {
      svg.append(
          String.format(
              Locale.ROOT,
              "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>\n",
              centre(day),
              HEIGHT - 6,
              days.get(day).substring(5)));
    }
  }

  private void lineAcross(StringBuilder svg, double top) {
    double reach = Math.max(barWidth() / 2 + 3, 3);
    for (int day = 0; day < line.size(); day++) {
      double y = y(line.get(day).doubleValue(), top);
      svg.append(
          String.format(
              Locale.ROOT,
              "<line class=\"all-large\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>\n",
              centre(day) - reach,
              centre(day) + reach,
              y,
              y));
    }
  }

  private double barWidth() {
    return Math.min(WIDEST_BAR, slot() * 0.7);
  }

  private double slot() {
    return (double) (WIDTH - LEFT) / Math.max(1, days.size());
  }

  private double centre(int day) {
    return LEFT + slot() * (day + 0.5);
  }

  private static double y(double value, double top) {
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top);
  }

  private BigDecimal highest() {
    BigDecimal highest = BigDecimal.ZERO;
    for (int day = 0; day < days.size(); day++) {
      BigDecimal sum = BigDecimal.ZERO;
      for (Series each : series) {
        sum = sum.add(each.values().get(day));
      }
      highest = highest.max(sum);
    }
    for (BigDecimal value : line) {
      highest = highest.max(value);
    }
    return highest;
  }

  /** The next of 1, 2, 4, 5, 8 or 10 times a power of ten, so that every tick is a round figure. */
  private static double axisTop(BigDecimal highest) {
    if (highest.signum() <= 0) {
      return 1;
    }
    BigDecimal power = BigDecimal.ONE.scaleByPowerOfTen(highest.precision() - highest.scale() - 1);
    for (int factor : new int[] {1, 2, 4, 5, 8}) {
      BigDecimal top = power.multiply(BigDecimal.valueOf(factor));
      if (highest.compareTo(top) <= 0) {
        return top.doubleValue();
      }
    }
    return power.multiply(BigDecimal.TEN).doubleValue();
  }

  /** Dollars with as many decimals as tell ticks apart. */
  static String dollars(BigDecimal amount) {
    if (amount.signum() == 0) {
      return "$0";
    }
    int digits = Math.max(0, 2 - (amount.precision() - amount.scale()));
    BigDecimal rounded = amount.setScale(digits + 1, RoundingMode.HALF_EVEN).stripTrailingZeros();
    return "$" + (rounded.scale() < 0 ? rounded.setScale(0) : rounded).toPlainString();
  }

  static String count(BigDecimal count) {
    return String.format(Locale.ROOT, "%,d", count.setScale(0, RoundingMode.HALF_EVEN).longValue());
  }
}
