package io.tierwise.bench.replay;

import io.tierwise.bench.plot.Axis;
import io.tierwise.bench.plot.Page;
import io.tierwise.bench.plot.Plot;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** A curve as one self-contained page: quality against the cost saved, and a table. */
public final class CurvePage {
  private static final int TICKS = 5;

  private final Curve curve;
  private final boolean labelled;
  private final double low;
  private final double high;

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
    CurvePage page = new CurvePage(curve);
    return Page.html(title, page.introduction(), page.plot().svg() + page.table());
  }

  private String introduction() {
    return """
    The whole stream from its first request on; every large call is paid, also those that teach, \
    certify and watch. Mean of %d seeds; a bar spans the seeds' savings.%s\
    """
        .formatted(
            curve.points().isEmpty() ? 0 : curve.points().getFirst().seeds(),
            labelled ? " Dashed: the large model alone." : "");
  }

  private double quality(Curve.Point point) {
    return labelled ? point.accuracy() : 1 - point.disagreement();
  }

  private double large() {
    return labelled && !curve.points().isEmpty() ? curve.points().getFirst().largeAccuracy() : 1;
  }

  private Plot plot() {
    List<Axis.Tick> savings = new ArrayList<>();
    List<Axis.Tick> qualities = new ArrayList<>();
    for (int tick = 0; tick <= TICKS; tick++) {
      double share = (double) tick / TICKS;
      double value = low + (high - low) * share;
      savings.add(new Axis.Tick(share, String.format(Locale.ROOT, "%.0f %%", 100 * share)));
      qualities.add(new Axis.Tick(value, String.format(Locale.ROOT, "%.1f %%", 100 * value)));
    }
    return new Plot(
        name() + " against cost saved",
        new Axis("cost saved", 0, 1, savings),
        new Axis(name().toLowerCase(Locale.ROOT), low, high, qualities),
        curve.points().stream().map(this::point).toList(),
        labelled ? OptionalDouble.of(large()) : OptionalDouble.empty());
  }

  /** Left of the axis is no room: what costs more than the large model alone saves nothing. */
  private Plot.Point point(Curve.Point point) {
    return new Plot.Point(
        Math.max(0, point.saving()),
        quality(point),
        Math.max(0, point.leastSaving()),
        Math.max(0, point.mostSaving()),
        "ε " + point.epsilon());
  }

  private String table() {
    StringBuilder html = new StringBuilder();
    html.append(
        "<div class=\"scroll\"><table><thead><tr><th>ε</th><th>cost saved</th><th>least</th>"
            + "<th>most</th><th>disagreement</th><th>accuracy</th><th>large model</th>"
            + "<th>certificates broken</th></tr></thead><tbody>\n");
    for (Curve.Point point : curve.points()) {
      html.append(
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
    html.append("</tbody></table></div>\n");
    return html.toString();
  }

  private String name() {
    return labelled ? "Accuracy" : "Agreement";
  }

  private static String share(double value) {
    return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%.2f %%", 100 * value);
  }
}
