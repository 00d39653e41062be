package io.tierwise.cli;

import io.tierwise.distill.cycle.Contestants;
import io.tierwise.student.artifact.Shape;
import java.util.List;
import picocli.CommandLine.Option;

/** The students of a stream, the same for all that replay one. */
final class ContestantsOption {
  @Option(
      names = "--students",
      split = ",",
      paramLabel = "SHAPE",
      defaultValue = "bag,encoder-head",
      description =
          "The students of a stream that compete, cheapest first (default: ${DEFAULT-VALUE}; also"
              + " encoder).")
  private List<String> shapes;

  @Option(
      names = "--line",
      description = {
        "Two of the students may win together: the second is asked where the first was not sure",
        "enough. Not with --parity."
      })
  private boolean line;

  Contestants contestants() {
    return new Contestants(shapes.stream().map(Shape::of).toList(), line);
  }
}
