package io.tierwise.distill.compress;

import io.tierwise.distill.Kept;
import io.tierwise.distill.onnx.Scaling;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.Requirement;
import io.tierwise.student.onnx.Target;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * A way to make a student, or to make one smaller: what is decided, not how it is done. Which
 * shapes it can be done to, {@link TechniqueJob} knows.
 */
public sealed interface Technique extends Step {
  /** What was decided, by name, as a lineage says it. */
  Map<String, String> parameters();

  /** How long a student is trained, or fine-tuned. */
  record Epochs(int count, float rate) {
    public Epochs {
      Requirement.notNegative("epochs", count);
      Requirement.openUnit("rate", rate);
    }

    /** With what else was decided: names and values in turn. */
    Map<String, String> and(Object... others) {
      Map<String, String> parameters = new TreeMap<>();
      parameters.put("epochs", Integer.toString(count));
      parameters.put("rate", Float.toString(rate));
      for (int i = 0; i < others.length; i += 2) {
        parameters.put(others[i].toString(), others[i + 1].toString());
      }
      return parameters;
    }
  }

  /**
   * From scratch, on labels.
   *
   * @param hidden units of every hidden layer
   * @param labelled how many examples have a label; without it, all
   */
  record Train(List<Integer> hidden, OptionalInt labelled, Epochs epochs) implements Technique {
    public Train {
      hidden = List.copyOf(hidden);
      hidden.forEach(units -> Requirement.positive("hidden", units));
    }

    @Override
    public String job() {
      return "train";
    }

    @Override
    public Map<String, String> parameters() {
      return epochs.and(
          "hidden", hidden, "labelled", labelled.isPresent() ? labelled.getAsInt() : "all");
    }
  }

  /**
   * From scratch, on the parent's soft labels as well.
   *
   * @param share of the parent in the loss, the rest is the labels'
   * @param shifts whether square images are also shown one pixel up, down, left and right, with
   *     what the parent makes of that
   */
  record Distill(
      List<Integer> hidden, double share, double temperature, boolean shifts, Epochs epochs)
      implements Technique {
    public Distill {
      hidden = List.copyOf(hidden);
      hidden.forEach(units -> Requirement.positive("hidden", units));
      Requirement.closedUnit("share", share);
      if (!(temperature > 0)) {
        throw new InvalidValueException(
            "temperature", temperature + " is not positive", "give one such as 4");
      }
    }

    @Override
    public String job() {
      return "distill";
    }

    @Override
    public Map<String, String> parameters() {
      return epochs.and(
          "hidden", hidden, "share", share, "temperature", temperature, "shifts", shifts);
    }
  }

  /** {@link io.tierwise.distill.compress.PruneWeights}, fine-tuned on the way. */
  record PruneWeights(double sparsity, boolean perLayer, Epochs epochs) implements Technique {
    public PruneWeights {
      Requirement.openUnit("sparsity", sparsity);
    }

    @Override
    public String job() {
      return "prune-weights";
    }

    @Override
    public Map<String, String> parameters() {
      return epochs.and("sparsity", sparsity, "scope", perLayer ? "per-layer" : "global");
    }
  }

  /**
   * The least important parts are taken out, so that the matrices are smaller, and the rest is
   * fine-tuned on the parent's soft labels.
   *
   * @param keep of an mlp the units of every hidden layer ({@link
   *     io.tierwise.distill.compress.PruneNeurons}), of an encoder the feed-forward units of every
   *     layer, of a bag the rows of its table; empty for all
   * @param heads of every layer of an encoder; empty for all
   */
  record PruneNeurons(Optional<Kept> keep, Optional<Kept> heads, Epochs epochs)
      implements Technique {
    public PruneNeurons {
      if (keep.isEmpty() && heads.isEmpty()) {
        throw new InvalidValueException("keep", "it is missing", "say how much to keep");
      }
    }

    @Override
    public String job() {
      return "prune-neurons";
    }

    @Override
    public Map<String, String> parameters() {
      return epochs.and("keep", share(keep), "heads", share(heads));
    }

    private static String share(Optional<Kept> kept) {
      return kept.map(each -> Double.toString(each.amount())).orElse("all");
    }
  }

  /** {@link io.tierwise.distill.compress.Factorize}, fine-tuned. */
  record Factorize(OptionalInt rank, OptionalDouble energy, Epochs epochs) implements Technique {
    @Override
    public String job() {
      return "factorize";
    }

    @Override
    public Map<String, String> parameters() {
      return rank.isPresent()
          ? epochs.and("rank", rank.getAsInt())
          : epochs.and("energy", energy.orElseThrow());
    }
  }

  /**
   * {@link io.tierwise.distill.train.Prototypes} of the parent's features, and a small student
   * trained on them alone.
   *
   * @param prototypes how many
   * @param hidden units of every hidden layer, where the student is an mlp
   * @param layers of the parent that the student begins with, where it is an encoder
   */
  record Extract(int prototypes, List<Integer> hidden, List<Integer> layers, Epochs epochs)
      implements Technique {
    public Extract {
      Requirement.positive("prototypes", prototypes);
      hidden = List.copyOf(hidden);
      hidden.forEach(units -> Requirement.positive("hidden", units));
      layers = List.copyOf(layers);
    }

    @Override
    public String job() {
      return "extract";
    }

    @Override
    public Map<String, String> parameters() {
      return epochs.and("prototypes", prototypes, "hidden", hidden, "layers", layers);
    }
  }

  /** Weights and products in 8 bits. */
  record Quantize(Scaling scaling) implements Technique {
    @Override
    public String job() {
      return "quantize";
    }

    @Override
    public Map<String, String> parameters() {
      return Map.of("mode", scaling.name().toLowerCase(Locale.ROOT));
    }
  }

  /** The graph rewritten for the processor at hand. */
  record Compile() implements Technique {
    @Override
    public String job() {
      return "compile";
    }

    @Override
    public Map<String, String> parameters() {
      return Map.of("target", Target.here());
    }
  }

  /**
   * Several parents as one graph.
   *
   * @param shares of each in the mean of their outputs; empty for equal ones
   */
  record Fuse(List<Double> shares) implements Technique {
    public Fuse {
      shares = List.copyOf(shares);
      double sum = shares.stream().mapToDouble(Double::doubleValue).sum();
      if (!shares.isEmpty() && Math.abs(sum - 1) > 1e-9) {
        throw new InvalidValueException("shares", "they sum to " + sum, "let them sum to 1");
      }
    }

    @Override
    public String job() {
      return "fuse";
    }

    @Override
    public Map<String, String> parameters() {
      return Map.of("shares", shares.isEmpty() ? "equal" : shares.toString());
    }
  }
}
