package io.tierwise.distill.compress;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.Requirement;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** A way to make a perceptron, or to make one smaller: what is decided, not how it is done. */
public sealed interface Technique extends Step {
  /** How long a perceptron is trained, or fine-tuned. */
  record Epochs(int count, float rate) {
    public Epochs {
      Requirement.notNegative("epochs", count);
      Requirement.openUnit("rate", rate);
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
  }

  /** {@link io.tierwise.distill.compress.PruneNeurons}, fine-tuned on the parent's soft labels. */
  record PruneNeurons(int keep, Epochs epochs) implements Technique {
    public PruneNeurons {
      Requirement.positive("keep", keep);
    }

    @Override
    public String job() {
      return "prune-neurons";
    }
  }

  /** {@link io.tierwise.distill.compress.Factorize}, fine-tuned. */
  record Factorize(OptionalInt rank, OptionalDouble energy, Epochs epochs) implements Technique {
    @Override
    public String job() {
      return "factorize";
    }
  }

  /**
   * {@link Prototypes} of the parent's features, and a small perceptron trained on them alone.
   *
   * @param prototypes how many
   */
  record Extract(int prototypes, List<Integer> hidden, Epochs epochs) implements Technique {
    public Extract {
      Requirement.positive("prototypes", prototypes);
      hidden = List.copyOf(hidden);
    }

    @Override
    public String job() {
      return "extract";
    }
  }

  /** Weights and products in 8 bits. */
  record Quantize(Mode mode) implements Technique {
    /** Where the range of a layer's inputs comes from. */
    public enum Mode {
      /** From each batch. */
      DYNAMIC,
      /** From inputs seen beforehand. */
      STATIC
    }

    @Override
    public String job() {
      return "quantize";
    }
  }

  /** The graph rewritten for the processor at hand. */
  record Compile() implements Technique {
    @Override
    public String job() {
      return "compile";
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
  }
}
