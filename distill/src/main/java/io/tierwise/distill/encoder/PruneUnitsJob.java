package io.tierwise.distill.encoder;

import io.tierwise.distill.bag.DistillJob.Workshop;
import io.tierwise.distill.data.Answered;
import io.tierwise.distill.train.Gradients.Parameter;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Task;
import io.tierwise.student.artifact.Artifact;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Removes feed-forward units from every layer of an encoder: those that move its output least on
 * real inputs. Their columns and rows are gone, so the matrices are smaller; what is left is
 * trained on, towards the whole encoder's own answers and the large model's.
 */
public final class PruneUnitsJob {
  private static final String NAME = "prune-neurons";

  private PruneUnitsJob() {}

  /**
   * How much to keep.
   *
   * @param keep share of each layer's units
   * @param training afterwards
   */
  public record Spec(double keep, Training training, long seed) {
    public Spec {
      if (!(keep > 0 && keep <= 1)) {
        throw new InvalidValueException(
            "keep", keep + " is not in (0, 1]", "give a share such as 0.5");
      }
    }

    /** The default recipe for a share of the units. */
    public static Spec of(double keep, int epochs, long seed) {
      return new Spec(keep, new Training(epochs, 64, 2e-4f, 0.1f), seed);
    }

    /** Half of the units, trained two epochs. */
    public static Spec half(long seed) {
      return of(0.5, 2, seed);
    }
  }

  /** Prunes an encoder in single precision and writes it, uncalibrated, to a new directory. */
  public static Artifact run(
      Artifact artifact, Spec spec, List<Answered> examples, Path directory, Workshop workshop)
      throws IOException {
    EncoderModel whole = EncoderModel.open(artifact);
    Task.Classification task = QuantizeEncoderJob.task(artifact);
    List<Label> labels = task.labels();
    int[][] tokens = whole.tokens(examples);
    EncoderWeights pruned = pruned(whole.weights(), tokens, spec.keep(), workshop);
    float[][] hard = Targets.hard(examples, labels);
    float[][] soft = Targets.softmax(whole.weights(), tokens, workshop.progress());
    EncoderWeights trained =
        EncoderTrainer.train(
            pruned,
            Lessons.answers(tokens, hard, soft),
            Course.whole(
                new Objective.Answer(0.5f, 2), spec.training(), whole.unknown(), spec.seed()),
            workshop.progress());
    return new EncoderExport(NAME, task, spec.seed(), workshop.clock())
        .write(
            whole.with(trained),
            examples,
            Map.of("unitsKept", (double) trained.units(0) / whole.weights().units(0)),
            directory);
  }

  private static EncoderWeights pruned(
      EncoderWeights weights, int[][] tokens, double keep, Workshop workshop) {
    Map<String, double[]> sizes = new HashMap<>();
    try (EncoderRunner runner = new EncoderRunner(weights)) {
      runner.watch(
          tokens,
          workshop.progress(),
          (product, states) -> {
            if (product.endsWith(EncoderWeights.SHRINK)) {
              float[] squares = states.square().sum(new int[] {0}).toFloatArray();
              double[] sums = sizes.computeIfAbsent(product, name -> new double[squares.length]);
              for (int unit = 0; unit < squares.length; unit++) {
                sums[unit] += squares[unit];
              }
            }
          });
    }
    EncoderWeights pruned = weights;
    for (int layer = 0; layer < weights.layers(); layer++) {
      double[] squares =
          sizes.getOrDefault(
              EncoderWeights.layer(layer, EncoderWeights.SHRINK), new double[weights.units(layer)]);
      pruned = without(pruned, layer, kept(importance(weights, layer, squares), keep));
    }
    return pruned;
  }

  /** What a unit adds to the layer's output: its own size times its row's. */
  static double[] importance(EncoderWeights weights, int layer, double[] squares) {
    Parameter shrink =
        weights.parameter(EncoderWeights.layer(layer, EncoderWeights.SHRINK) + ".weight");
    int width = (int) shrink.shape()[1];
    double[] importance = new double[squares.length];
    for (int unit = 0; unit < importance.length; unit++) {
      double row = 0;
      for (int d = 0; d < width; d++) {
        double value = shrink.values()[unit * width + d];
        row += value * value;
      }
      importance[unit] = squares[unit] * row;
    }
    return importance;
  }

  private static int[] kept(double[] importance, double keep) {
    int count = Math.max(1, (int) Math.round(keep * importance.length));
    return IntStream.range(0, importance.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer unit) -> -importance[unit]))
        .limit(count)
        .sorted()
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** With only the given units of a layer. */
  static EncoderWeights without(EncoderWeights weights, int layer, int[] units) {
    String grow = EncoderWeights.layer(layer, EncoderWeights.GROW);
    String shrink = EncoderWeights.layer(layer, EncoderWeights.SHRINK);
    int width = weights.dimensions();
    int before = weights.units(layer);
    float[] growing = weights.parameter(grow + ".weight").values();
    float[] biases = weights.parameter(grow + ".bias").values();
    float[] shrinking = weights.parameter(shrink + ".weight").values();
    float[] fewerGrowing = new float[width * units.length];
    float[] fewerBiases = new float[units.length];
    float[] fewerShrinking = new float[units.length * width];
    for (int to = 0; to < units.length; to++) {
      int from = units[to];
      fewerBiases[to] = biases[from];
      for (int d = 0; d < width; d++) {
        fewerGrowing[d * units.length + to] = growing[d * before + from];
        fewerShrinking[to * width + d] = shrinking[from * width + d];
      }
    }
    return weights.with(
        Map.of(
            grow + ".weight", new Parameter(fewerGrowing, width, units.length),
            grow + ".bias", new Parameter(fewerBiases, units.length),
            shrink + ".weight", new Parameter(fewerShrinking, units.length, width)));
  }
}
