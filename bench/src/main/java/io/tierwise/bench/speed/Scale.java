package io.tierwise.bench.speed;

import io.tierwise.router.Requirement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one piece of work takes as something grows.
 *
 * @param name what grows
 * @param work what is done once for each figure
 * @param points from the smallest size to the largest
 */
public record Scale(String name, String work, List<Point> points) {
  public Scale {
    points = List.copyOf(points);
    Requirement.positive("points", points.size());
  }

  /**
   * One size.
   *
   * @param micros processor time of the thread that does the work
   * @param bytes allocated by it
   * @param recall of a search, the share of questions whose nearest it finds; of other work null
   */
  public record Point(int size, double micros, double bytes, @Nullable Double recall) {}

  /** What it takes at the largest size, in parts of what it takes at the smallest. */
  public double ratio() {
    return points.getLast().micros() / points.getFirst().micros();
  }
}
