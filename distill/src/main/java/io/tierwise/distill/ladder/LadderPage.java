package io.tierwise.distill.ladder;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * A ladder as one self-contained page: accuracy against latency, bytes and dollars, and a table.
 */
public final class LadderPage {
  private static final int WIDTH = 420;
  private static final int HEIGHT = 300;
  private static final int LEFT = 56;
  private static final int BOTTOM = 44;
  private static final int TOP = 16;
  private static final int RIGHT = 16;

  private final Ladder.Result result;
  private final StringBuilder html = new StringBuilder();

  private LadderPage(Ladder.Result result) {
    this.result = result;
  }

  public static String html(Ladder.Result result) {
    return new LadderPage(result).page();
  }

  private String page() {
    add(
        """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><title>Ladder of %1$s</title>
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <style>
        :root { color-scheme: light dark; --ink: #1d2733; --paper: #fff; --line: #c9d1da;
          --front: #0b6e4f; --other: #8a97a5; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e6ebf0; --paper: #14191f;
          --line: #3a4550; --front: #4fd1a1; --other: #7d8b99; } }
        body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
          max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
        h1 { font-size: 1.5rem; margin-bottom: 0; }
        p { overflow-wrap: anywhere; }
        .charts { display: flex; flex-wrap: wrap; gap: 1rem; }
        figure { margin: 0; flex: 1 1 20rem; }
        figcaption { font-weight: 600; }
        svg { width: 100%%; height: auto; }
        svg text { font-size: 11px; fill: var(--ink); }
        .axis { stroke: var(--line); }
        .front { fill: var(--front); } .other { fill: var(--other); }
        path.front { fill: none; stroke: var(--front); stroke-dasharray: 4 3; }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%%; font-variant-numeric: tabular-nums; }
        th, td { padding: .3rem .6rem; text-align: right; border-bottom: 1px solid var(--line);
          white-space: nowrap; }
        th:first-child, td:first-child { text-align: left; }
        tr.front td:first-child { font-weight: 600; color: var(--front); }
        @media print { body { margin: 0; } }
        </style></head><body>
        <h1>Ladder of %1$s</h1>
        <p>Accuracy on the test part, mean of %2$d seed%4$s; latencies are medians,
        all artifacts timed in turns in one run on %3$s. Green: no other
        artifact is as accurate, as small and as fast. The line is each chart's own front.</p>
        <div class="charts">
        """
            .formatted(
                escaped(result.recipe().task()),
                result.recipe().seeds().size(),
                escaped(result.machine()),
                result.recipe().seeds().size() == 1 ? "" : "s"));
    chart("Latency, one input (µs, log)", Rung::p50Micros);
    chart("Size (bytes, log)", rung -> rung.bytes());
    chart("Dollars per million passes (Lambda, 2 GB, log)", LadderPage::dollars);
    add("</div>\n");
    table();
    comparisons();
    add("</body></html>\n");
    return html.toString();
  }

  private void chart(String title, ToDoubleFunction<Rung> cost) {
    List<Rung> rungs = result.rungs();
    double least = rungs.stream().mapToDouble(cost).min().orElse(1) / 1.3;
    double most = rungs.stream().mapToDouble(cost).max().orElse(1) * 1.3;
    double low = rungs.stream().mapToDouble(Rung::accuracy).min().orElse(0);
    double high = rungs.stream().mapToDouble(Rung::accuracy).max().orElse(1);
    double margin = Math.max(0.002, (high - low) * 0.12);
    Scale scale = new Scale(least, most, low - margin, Math.min(1, high + margin));
    add("<figure><figcaption>%s</figcaption>".formatted(escaped(title)));
    add(
        "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Accuracy against %s\">"
            .formatted(WIDTH, HEIGHT, escaped(title)));
    axes(scale);
    front(scale, cost);
    int named = 0;
    for (Rung rung : rungs) {
      double x = scale.x(cost.applyAsDouble(rung));
      double y = scale.y(rung.accuracy());
      add(
          String.format(
              Locale.ROOT,
              "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\"><title>%s: %.2f %%, %s</title>"
                  + "</circle>",
              rung.pareto() ? "front" : "other",
              x,
              y,
              escaped(rung.name()),
              100 * rung.accuracy(),
              figure(cost.applyAsDouble(rung))));
      if (rung.pareto()) {
        boolean leftOf = x > WIDTH - 110;
        // Neighbours on the front are close: every other name goes below its point.
        int below = named++ % 2 == 0 ? -8 : 17;
        add(
            String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>",
                leftOf ? x - 7 : x + 7,
                y + below,
                leftOf ? "end" : "start",
                escaped(rung.name())));
      }
    }
    add("</svg></figure>\n");
  }

  private void axes(Scale scale) {
    add(
        String.format(
            Locale.ROOT,
            "<path class=\"axis\" fill=\"none\" d=\"M%d %dV%dH%d\"/>",
            LEFT,
            TOP,
            HEIGHT - BOTTOM,
            WIDTH - RIGHT));
    for (int tick = 0; tick <= 4; tick++) {
      double accuracy = scale.low() + (scale.high() - scale.low()) * tick / 4;
      add(
          String.format(
              Locale.ROOT,
              "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.1f %%</text>",
              LEFT - 6,
              scale.y(accuracy) + 4,
              100 * accuracy));
      double cost = scale.least() * Math.pow(scale.most() / scale.least(), tick / 4.0);
      add(
          String.format(
              Locale.ROOT,
              "<text x=\"%.1f\" y=\"%d\" text-anchor=\"%s\">%s</text>",
              scale.x(cost),
              HEIGHT - BOTTOM + 18,
              tick == 4 ? "end" : "middle",
              figure(cost)));
    }
  }

  /** Through what no cheaper artifact is as accurate as: the front of this chart's two measures. */
  private void front(Scale scale, ToDoubleFunction<Rung> cost) {
    StringBuilder path = new StringBuilder();
    double best = Double.NEGATIVE_INFINITY;
    for (Rung rung :
        result.rungs().stream()
            .sorted(
                Comparator.comparingDouble(cost)
                    .thenComparing(Comparator.comparingDouble(Rung::accuracy).reversed()))
            .toList()) {
      if (rung.accuracy() > best) {
        best = rung.accuracy();
        path.append(
            String.format(
                Locale.ROOT,
                "%s%.1f %.1f",
                path.isEmpty() ? "M" : "L",
                scale.x(cost.applyAsDouble(rung)),
                scale.y(rung.accuracy())));
      }
    }
    add("<path class=\"front\" d=\"" + path + "\"/>");
  }

  private void table() {
    Rung teacher = result.rungs().getFirst();
    add(
        "<div class=\"scroll\"><table><thead><tr><th>artifact</th><th>accuracy</th><th>spread</th>"
            + "<th>points lost (95 %)</th><th>bytes</th><th>gzipped</th><th>smaller</th>"
            + "<th>p50</th><th>faster</th><th>p50 of 32</th><th>faster</th>"
            + "<th>$ per million</th></tr></thead><tbody>\n");
    for (Rung rung : result.rungs()) {
      add(
          String.format(
              Locale.ROOT,
              "<tr%s><td>%s</td><td>%.2f %%</td><td>%.2f</td><td>%.2f (%.2f to %.2f)</td>"
                  + "<td>%,d</td><td>%,d</td><td>%.1f×</td><td>%.1f µs</td><td>%.1f×</td>"
                  + "<td>%.1f µs</td><td>%.1f×</td><td>%s</td></tr>%n",
              rung.pareto() ? " class=\"front\"" : "",
              escaped(rung.name()),
              100 * rung.accuracy(),
              100 * rung.spread(),
              100 * rung.lost(),
              100 * rung.lostLower(),
              100 * rung.lostUpper(),
              rung.bytes(),
              rung.compressedBytes(),
              (double) teacher.bytes() / rung.bytes(),
              rung.p50Micros(),
              teacher.p50Micros() / rung.p50Micros(),
              rung.p50MicrosBatch32(),
              teacher.p50MicrosBatch32() / rung.p50MicrosBatch32(),
              figure(dollars(rung))));
    }
    add("</tbody></table></div>\n");
  }

  private void comparisons() {
    for (Comparisons.Shown shown : result.comparisons()) {
      add("<p>" + escaped(shown.sentence()) + "</p>\n");
    }
  }

  private void add(String text) {
    html.append(text);
  }

  /** For drawing and rounding; amounts are kept in {@link Rung#perMillion}. */
  private static double dollars(Rung rung) {
    return rung.perMillion().usd().doubleValue();
  }

  private static String figure(double value) {
    return value >= 10_000
        ? String.format(Locale.ROOT, "%,.0f k", value / 1000)
        : value >= 100
            ? String.format(Locale.ROOT, "%.0f", value)
            : String.format(Locale.ROOT, "%.3g", value);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  /** Where a point goes: cost by its logarithm, accuracy as it is. */
  private record Scale(double least, double most, double low, double high) {
    double x(double cost) {
      return LEFT + Math.log(cost / least) / Math.log(most / least) * (WIDTH - LEFT - RIGHT);
    }

    double y(double accuracy) {
      return TOP + (high - accuracy) / (high - low) * (HEIGHT - TOP - BOTTOM);
    }
  }
}
