package io.tierwise.distill.cycle;

import io.tierwise.router.InvalidValueException;
import io.tierwise.student.artifact.Shape;
import java.util.List;

/**
 * Who competes for a task.
 *
 * @param shapes cheapest first: bag, encoder-head, encoder
 * @param line whether two of them may win together, one behind the other
 */
public record Contestants(List<Shape> shapes, boolean line) {
  /** A bag, without a contest. */
  public static final Contestants BAG = new Contestants(List.of(Shape.BAG), false);

  public Contestants {
    shapes = List.copyOf(shapes);
    if (shapes.isEmpty()) {
      throw new InvalidValueException("students", "there is none", "name one shape or more");
    }
  }

  /** The same, each for itself. */
  public Contestants alone() {
    return new Contestants(shapes, false);
  }
}
