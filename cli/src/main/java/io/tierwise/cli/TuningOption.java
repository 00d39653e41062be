package io.tierwise.cli;

import io.tierwise.distill.compress.Technique.Epochs;
import io.tierwise.router.InvalidValueException;
import io.tierwise.student.artifact.Shape;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a technique's result is trained on. */
final class TuningOption {
  private static final float MLP_RATE = 1e-3f;
  private static final float ENCODER_RATE = 2e-4f;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "Of training what is left; 0 for none. Default: what suits the shape.")
  private @Nullable Integer epochs;

  @Option(
      names = "--rate",
      paramLabel = "NUMBER",
      description = "Of its first step. Default: 0.001 for an mlp, 0.0002 for an encoder.")
  private @Nullable Float rate;

  /**
   * @param mlp epochs of an mlp where nothing is said
   * @param encoder epochs of an encoder
   */
  Epochs epochs(Shape shape, int mlp, int encoder) {
    return switch (shape) {
      case MLP -> new Epochs(or(mlp), rate == null ? MLP_RATE : rate);
      case ENCODER -> new Epochs(or(encoder), rate == null ? ENCODER_RATE : rate);
      case BAG, ENCODER_HEAD, WIN_ROUTER -> {
        if (epochs != null || rate != null) {
          throw new InvalidValueException(
              "--epochs, --rate",
              "a student of shape '" + shape + "' is not trained on",
              "leave them out");
        }
        yield new Epochs(0, MLP_RATE);
      }
    };
  }

  private int or(int otherwise) {
    return epochs == null ? otherwise : epochs;
  }
}
