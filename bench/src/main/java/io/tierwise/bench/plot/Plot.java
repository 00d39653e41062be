package io.tierwise.bench.plot;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * A curve as inline SVG.
 *
 * @param name what assistive technology reads in its place
 * @param points in the order of the curve
 * @param level drawn dashed across; empty for none
 */
public record Plot(String name, Axis x, Axis y, List<Point> points, OptionalDouble level) {
  private static final int WIDTH = 720;
  private static final int HEIGHT = 380;
  private static final int LEFT = 80;
  private static final int RIGHT = 24;
  private static final int TOP = 20;
  private static final int BOTTOM = 48;

  public Plot {
    points = List.copyOf(points);
  }

  /**
   * A point of the curve.
   *
   * @param least where the bar across it begins
   * @param most where the bar ends
   * @param text beside it
   */
  public record Point(double x, double y, double least, double most, String text) {}

  public String svg() {
    StringBuilder svg = new StringBuilder();
    svg.append(
        "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">"
            .formatted(WIDTH, HEIGHT, Page.escaped(name)));
    svg.append(
        "<path class=\"axis\" d=\"M%d %dV%dH%d\"/>"
            .formatted(LEFT, TOP, HEIGHT - BOTTOM, WIDTH - RIGHT));
    for (Axis.Tick tick : y.ticks()) {
      text(svg, LEFT - 6, atY(tick.at()) + 4, "end", tick.text());
    }
    for (Axis.Tick tick : x.ticks()) {
      text(svg, atX(tick.at()), HEIGHT - BOTTOM + 18, "middle", tick.text());
    }
    text(svg, WIDTH - RIGHT, HEIGHT - 8, "end", x.label());
    int middle = (TOP + HEIGHT - BOTTOM) / 2;
    svg.append(
        "<text x=\"14\" y=\"%1$d\" text-anchor=\"middle\" transform=\"rotate(-90 14 %1$d)\">%2$s</text>"
            .formatted(middle, Page.escaped(y.label())));
    level.ifPresent(value -> line(svg, "level", LEFT, WIDTH - RIGHT, atY(value)));
    points(svg);
    return svg.append("</svg>\n").toString();
  }

  private void points(StringBuilder svg) {
    StringBuilder path = new StringBuilder();
    for (Point point : points) {
      double x = atX(point.x());
      double y = atY(point.y());
      path.append(String.format(Locale.ROOT, "%s%.1f %.1f", path.isEmpty() ? "M" : "L", x, y));
      line(svg, "spread", atX(point.least()), atX(point.most()), y);
      svg.append(
          String.format(
              Locale.ROOT, "<circle class=\"point\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\"/>", x, y));
      text(svg, x + 6, y - 8, "start", point.text());
    }
    svg.append("<path class=\"curve\" d=\"" + path + "\"/>");
  }

  private static void line(StringBuilder svg, String style, double from, double to, double y) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<line class=\"%s\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%4$.1f\" y2=\"%4$.1f\"/>",
            style,
            from,
            to,
            y));
  }

  private static void text(StringBuilder svg, double x, double y, String anchor, String words) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>",
            x,
            y,
            anchor,
            Page.escaped(words)));
  }

  private double atX(double value) {
    return LEFT + x.share(value) * (WIDTH - LEFT - RIGHT);
  }

  private double atY(double value) {
    return TOP + (1 - y.share(value)) * (HEIGHT - TOP - BOTTOM);
  }
}
