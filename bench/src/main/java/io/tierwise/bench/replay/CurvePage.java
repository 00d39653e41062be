package io.tierwise.bench.replay;

import java.util.Locale;

/** A curve as one self-contained page: quality against the cost saved, and a table. */
public final class CurvePage {
  private static final int WIDTH = 720;
  private static final int HEIGHT = 380;
  private static final int LEFT = 60;
  private static final int RIGHT = 24;
  private static final int TOP = 20;
  private static final int BOTTOM = 48;
  private static final int TICKS = 5;

  private final Curve curve;
  private final boolean labelled;
  private final double low;
  private final double high;
  private final StringBuilder html = new StringBuilder();

  private CurvePage(Curve curve) {
    this.curve = curve;
    this.labelled = curve.points().stream().noneMatch(point -> Double.isNaN(point.accuracy()));
    double least = curve.points().stream().mapToDouble(this::quality).min().orElse(0);
    double most =
        Math.max(large(), curve.points().stream().mapToDouble(this::quality).max().orElse(1));
    double margin = Math.max(0.005, (most - least) * 0.1);
    this.low = least - margin;
    this.high = Math.min(1, most + margin);
  }

  public static String html(Curve curve, String title) {
    return new CurvePage(curve).page(title);
  }

  private String page(String title) {
    add(
        """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><title>%1$s</title>
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <style>
        :root { color-scheme: light dark; --ink: #1d2733; --paper: #fff; --line: #c9d1da;
          --front: #0b6e4f; --other: #8a97a5; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e6ebf0; --paper: #14191f;
          --line: #3a4550; --front: #4fd1a1; --other: #7d8b99; } }
        body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
          max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
        h1 { font-size: 1.5rem; margin-bottom: 0; overflow-wrap: anywhere; }
        svg { width: 100%%; height: auto; }
        svg text { font-size: 12px; fill: var(--ink); }
        .axis { stroke: var(--line); fill: none; }
        .point { fill: var(--front); }
        .spread { stroke: var(--front); }
        path.curve { fill: none; stroke: var(--front); stroke-width: 2; }
        .large { stroke: var(--other); stroke-dasharray: 4 3; }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%%; font-variant-numeric: tabular-nums; }
        th, td { padding: .3rem .6rem; text-align: right; border-bottom: 1px solid var(--line);
          white-space: nowrap; }
        @media print { body { margin: 0; } }
        </style></head><body>
        <h1>%1$s</h1>
        <p>The whole stream from its first request on; every large call is paid, also those that
        teach, certify and watch. Mean of %2$d seeds; a bar spans the seeds' savings.%3$s</p>
        """
            .formatted(
                escaped(title),
                curve.points().isEmpty() ? 0 : curve.points().getFirst().seeds(),
                labelled ? " Dashed: the large model alone." : ""));
    chart();
    table();
    add("</body></html>\n");
    return html.toString();
  }

  private double quality(Curve.Point point) {
    return labelled ? point.accuracy() : 1 - point.disagreement();
  }

  private double large() {
    return labelled && !curve.points().isEmpty() ? curve.points().getFirst().largeAccuracy() : 1;
  }

  private void chart() {
    add(
        "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s against cost saved\">"
            .formatted(WIDTH, HEIGHT, name()));
    add(
        String.format(
            Locale.ROOT,
            "<path class=\"axis\" d=\"M%d %dV%dH%d\"/>",
            LEFT,
            TOP,
            HEIGHT - BOTTOM,
            WIDTH - RIGHT));
    for (int tick = 0; tick <= TICKS; tick++) {
      double share = (double) tick / TICKS;
      double value = low + (high - low) * share;
      add(
          String.format(
              Locale.ROOT,
              "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.1f %%</text>",
              LEFT - 6,
              y(value) + 4,
              100 * value));
      add(
          String.format(
              Locale.ROOT,
              "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%.0f %%</text>",
              x(share),
              HEIGHT - BOTTOM + 18,
              100 * share));
    }
    add(
        String.format(
            Locale.ROOT,
            "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">cost saved</text>",
            WIDTH - RIGHT,
            HEIGHT - 8));
    if (labelled) {
      add(
          String.format(
              Locale.ROOT,
              "<line class=\"large\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>",
              LEFT,
              WIDTH - RIGHT,
              y(large()),
              y(large())));
    }
    points();
    add("</svg>\n");
  }

  private void points() {
    StringBuilder path = new StringBuilder();
    for (Curve.Point point : curve.points()) {
      double x = x(Math.max(0, point.saving()));
      double y = y(quality(point));
      path.append(String.format(Locale.ROOT, "%s%.1f %.1f", path.isEmpty() ? "M" : "L", x, y));
      add(
          String.format(
              Locale.ROOT,
              "<line class=\"spread\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>",
              x(Math.max(0, point.leastSaving())),
              x(Math.max(0, point.mostSaving())),
              y,
              y));
      add(
          String.format(
              Locale.ROOT,
              "<circle class=\"point\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\"/>"
                  + "<text x=\"%.1f\" y=\"%.1f\">ε %s</text>",
              x,
              y,
              x + 6,
              y - 8,
              point.epsilon()));
    }
    add("<path class=\"curve\" d=\"" + path + "\"/>");
  }

  private void table() {
    add(
        "<div class=\"scroll\"><table><thead><tr><th>ε</th><th>cost saved</th><th>least</th>"
            + "<th>most</th><th>disagreement</th><th>accuracy</th><th>large model</th>"
            + "<th>certificates broken</th></tr></thead><tbody>\n");
    for (Curve.Point point : curve.points()) {
      add(
          String.format(
              Locale.ROOT,
              "<tr><td>%s</td><td>%.1f %%</td><td>%.1f %%</td><td>%.1f %%</td><td>%.2f %%</td>"
                  + "<td>%s</td><td>%s</td><td>%d of %d</td></tr>%n",
              point.epsilon(),
              100 * point.saving(),
              100 * point.leastSaving(),
              100 * point.mostSaving(),
              100 * point.disagreement(),
              share(point.accuracy()),
              share(point.largeAccuracy()),
              point.violations(),
              point.certificates()));
    }
    add("</tbody></table></div>\n");
  }

  private String name() {
    return labelled ? "Accuracy" : "Agreement";
  }

  private static String share(double value) {
    return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%.2f %%", 100 * value);
  }

  private static double x(double saving) {
    return LEFT + saving * (WIDTH - LEFT - RIGHT);
  }

  private double y(double quality) {
    return TOP + (high - quality) / (high - low) * (HEIGHT - TOP - BOTTOM);
  }

  private void add(String text) {
    html.append(text);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
