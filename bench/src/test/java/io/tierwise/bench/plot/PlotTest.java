package io.tierwise.bench.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class PlotTest {
  private static final Axis X =
      new Axis("cost & saving", 0, 1, List.of(new Axis.Tick(0.5, "half")));
  private static final Axis Y = new Axis("accuracy", 0, 10, List.of(new Axis.Tick(10, "ten")));

  private static Plot plot(OptionalDouble level) {
    return new Plot(
        "a curve",
        X,
        Y,
        List.of(new Plot.Point(0, 0, 0, 0, "first"), new Plot.Point(1, 10, 0.5, 1, "<last>")),
        level);
  }

  @Test
  void bothAxesSayWhatTheyMeasure() {
    String svg = plot(OptionalDouble.empty()).svg();
    assertTrue(svg.contains(">cost &amp; saving</text>"), svg);
    assertTrue(svg.contains("rotate(-90 14 176)\">accuracy</text>"), svg);
    assertTrue(svg.contains("text-anchor=\"middle\">half</text>"), svg);
  }

  @Test
  void pointsStandWhereTheAxesHaveThem() {
    String svg = plot(OptionalDouble.of(5)).svg();
    // From (80, 332) at the axes' beginnings to (696, 20) at their ends.
    assertTrue(svg.contains("<path class=\"curve\" d=\"M80.0 332.0L696.0 20.0\"/>"), svg);
    assertTrue(svg.contains("x1=\"388.0\" x2=\"696.0\" y1=\"20.0\" y2=\"20.0\""), svg);
    assertTrue(svg.contains("class=\"level\" x1=\"80.0\" x2=\"696.0\" y1=\"176.0\""), svg);
    assertFalse(plot(OptionalDouble.empty()).svg().contains("class=\"level\""));
    assertEquals(2, svg.split("<circle", -1).length - 1);
    assertTrue(svg.contains("&lt;last&gt;"), svg);
  }

  @Test
  void aPageNeedsNothingElse() {
    String page = Page.html("A <title>", "Words & more", "<p>body</p>\n");
    assertTrue(page.contains("<h1>A &lt;title&gt;</h1>"), page);
    assertTrue(page.contains("<p>Words &amp; more</p>"), page);
    assertFalse(page.contains("src=") || page.contains("href="), page);
  }
}
