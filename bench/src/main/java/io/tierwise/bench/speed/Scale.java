package io.tierwise.bench.speed;

import io.tierwise.router.Requirement;
import java.util.List;

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
   */
  public record Point(int size, double micros, double bytes) {}

  /** What it takes at the largest size, in parts of what it takes at the smallest. */
  public double ratio() {
    return points.getLast().micros() / points.getFirst().micros();
  }
}
