package io.tierwise.bench.speed;

import io.tierwise.bench.plot.Axis;
import io.tierwise.bench.plot.Page;
import io.tierwise.bench.plot.Plot;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** The curves of {@link ScaleBench} as one page, with their figures in tables. */
public final class ScalePage {
  private static final int TICKS = 5;
  private static final double ROOM = 1.25;

  private ScalePage() {}

  public static String html(List<Scale> scales) {
    StringBuilder body = new StringBuilder();
    for (Scale scale : scales) {
      body.append("<h2>%s: %s</h2>\n".formatted(scale.name(), scale.work()));
      body.append(plot(scale).svg()).append(table(scale));
    }
    return Page.html(
        "What a request takes as things grow",
        "Processor time of the thread that answers, without the HTTP server; medians over batches"
            + " of all sizes in turns. Sizes stand by their powers of ten.",
        body.toString());
  }

  private static Plot plot(Scale scale) {
    List<Scale.Point> points = scale.points();
    double top = ROOM * points.stream().mapToDouble(Scale.Point::micros).max().orElse(1);
    List<Axis.Tick> sizes =
        points.stream()
            .map(point -> new Axis.Tick(power(point), "%,d".formatted(point.size())))
            .toList();
    List<Axis.Tick> micros = new ArrayList<>();
    for (int tick = 0; tick <= TICKS; tick++) {
      double value = top * tick / TICKS;
      micros.add(new Axis.Tick(value, String.format(Locale.ROOT, "%.1f", value)));
    }
    return new Plot(
        "Microseconds against " + scale.name(),
        new Axis(scale.name(), power(points.getFirst()), end(points), sizes),
        new Axis("microseconds", 0, top, micros),
        points.stream().map(ScalePage::point).toList(),
        OptionalDouble.empty());
  }

  private static Plot.Point point(Scale.Point point) {
    double x = power(point);
    String text = String.format(Locale.ROOT, "%.1f", point.micros());
    return new Plot.Point(x, point.micros(), x, x, text);
  }

  private static double power(Scale.Point point) {
    return Math.log10(point.size());
  }

  /** A little further than the last, so that its words have room; and never where it begins. */
  private static double end(List<Scale.Point> points) {
    double first = power(points.getFirst());
    return first + Math.max(1, (power(points.getLast()) - first) * 1.1);
  }

  /** How often the nearest was found stands there where something was searched for. */
  private static String table(Scale scale) {
    boolean searched = scale.points().stream().anyMatch(point -> point.recall() != null);
    StringBuilder html = new StringBuilder();
    html.append("<div class=\"scroll\"><table><thead><tr><th>")
        .append(scale.name())
        .append("</th><th>microseconds</th><th>bytes</th>")
        .append(searched ? "<th>nearest found</th>" : "")
        .append("</tr></thead><tbody>\n");
    for (Scale.Point point : scale.points()) {
      html.append(
          String.format(
              Locale.ROOT,
              "<tr><td>%,d</td><td>%.2f</td><td>%,.0f</td>%s</tr>%n",
              point.size(),
              point.micros(),
              point.bytes(),
              searched ? String.format(Locale.ROOT, "<td>%.3f</td>", point.recall()) : ""));
    }
    return html.append(
            String.format(
                Locale.ROOT,
                "</tbody></table></div>%n<p>The largest takes %.2f times what the smallest"
                    + " takes.</p>%n",
                scale.ratio()))
        .toString();
  }
}
