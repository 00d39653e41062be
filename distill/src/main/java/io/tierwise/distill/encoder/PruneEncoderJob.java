package io.tierwise.distill.encoder;

import io.tierwise.distill.Kept;
import io.tierwise.distill.Progress;
import io.tierwise.distill.data.Answered;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Task;
import io.tierwise.student.artifact.Artifact;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Removes feed-forward units and heads of attention from every layer of an encoder: those that move
 * its output least on real inputs. Their columns and rows are gone, so the matrices are smaller;
 * what is left is trained on, towards the whole encoder's own answers and the large model's.
 */
public final class PruneEncoderJob {
  private PruneEncoderJob() {}

  /**
   * How much to keep.
   *
   * @param units of each layer's feed-forward part; empty for all
   * @param heads of each layer's attention; empty for all
   * @param training afterwards
   */
  public record Spec(Optional<Kept> units, Optional<Kept> heads, Training training, long seed) {
    public Spec {
      if (units.isEmpty() && heads.isEmpty()) {
        throw new InvalidValueException(
            "keep", "there is nothing to remove", "say how many units or heads to keep");
      }
    }
  }

  /** Prunes an encoder in single precision and writes it, uncalibrated, to a new directory. */
  public static Artifact run(
      Artifact artifact,
      Spec spec,
      List<Answered> examples,
      Path directory,
      Clock clock,
      Progress progress)
      throws IOException {
    EncoderModel whole = EncoderModel.open(artifact);
    Task.Classification task = QuantizeEncoderJob.task(artifact);
    List<Label> labels = task.labels();
    int[][] tokens = whole.tokens(examples);
    EncoderWeights pruned = pruned(whole.weights(), tokens, spec, progress);
    float[][] hard = Targets.hard(examples, labels);
    float[][] soft = Targets.softmax(whole.weights(), tokens, progress);
    EncoderWeights trained =
        EncoderTrainer.train(
            pruned,
            Lessons.answers(tokens, hard, soft),
            Course.whole(
                new Objective.Answer(0.5f, 2), spec.training(), whole.unknown(), spec.seed()),
            progress);
    return new EncoderExport(
            "prune-neurons",
            spec.training().and("units", share(spec.units()), "heads", share(spec.heads())),
            task,
            spec.seed(),
            clock)
        .write(whole.with(trained), examples, sizes(whole.weights(), trained), directory);
  }

  private static String share(Optional<Kept> kept) {
    return kept.map(each -> Double.toString(each.amount())).orElse("all");
  }

  private static Map<String, Double> sizes(EncoderWeights whole, EncoderWeights pruned) {
    Map<String, Double> sizes = new TreeMap<>();
    sizes.put("unitsKept", (double) pruned.units(0) / whole.units(0));
    sizes.put("headsKept", (double) pruned.heads(0) / whole.heads(0));
    return sizes;
  }

  private static EncoderWeights pruned(
      EncoderWeights weights, int[][] tokens, Spec spec, Progress progress) {
    Contributions seen = Contributions.measure(weights, tokens, progress);
    EncoderWeights pruned = weights;
    for (int layer = 0; layer < weights.layers(); layer++) {
      if (spec.units().isPresent()) {
        int keep = spec.units().get().of(weights.units(layer), "units");
        pruned = EncoderSurgery.units(pruned, layer, Contributions.most(seen.units(layer), keep));
      }
      if (spec.heads().isPresent()) {
        int keep = spec.heads().get().of(weights.heads(layer), "heads");
        pruned = EncoderSurgery.heads(pruned, layer, Contributions.most(seen.heads(layer), keep));
      }
    }
    return pruned;
  }
}
