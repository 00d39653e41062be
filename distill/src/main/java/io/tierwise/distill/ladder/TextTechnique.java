package io.tierwise.distill.ladder;

import io.tierwise.distill.compress.Step;
import io.tierwise.distill.encoder.QuantizeEncoderJob.Scaling;
import io.tierwise.router.Requirement;
import java.util.List;

/** A way to make a model that answers texts, or to make one smaller. */
public sealed interface TextTechnique extends Step {

  /**
   * {@link io.tierwise.distill.transfer.TransferJob}: a head on the frozen bge-small.
   *
   * @param penalties of large weights; the best of them on examples held out
   */
  record Head(List<Double> penalties) implements TextTechnique {
    public Head {
      penalties = List.copyOf(penalties);
    }

    @Override
    public String job() {
      return "transfer";
    }
  }

  /**
   * {@link io.tierwise.distill.encoder.FineTuneJob}: MiniLM under a head, in single precision.
   *
   * @param unfrozen layers from the top that are trained with the head
   */
  record FineTune(int unfrozen, int epochs) implements TextTechnique {
    public FineTune {
      Requirement.notNegative("unfrozen", unfrozen);
      Requirement.notNegative("epochs", epochs);
    }

    @Override
    public String job() {
      return "transfer";
    }
  }

  /**
   * What a student is taught by.
   *
   * @param share α of the soft labels in the loss, the rest is the references'; the parent's
   *     distributions where there is a parent, else {@link io.tierwise.distill.bag.SoftLabels}
   * @param temperature T of the soft labels
   */
  record Teaching(double share, double temperature) {
    /** From the references alone. */
    public static final Teaching NONE = new Teaching(0, 1);

    public Teaching {
      Requirement.closedUnit("share", share);
    }

    private String job() {
      return share == 0 ? "train" : "distill";
    }
  }

  /** {@link io.tierwise.distill.bag.DistillJob}. */
  record Bag(Teaching teaching, int members, int epochs) implements TextTechnique {
    public Bag {
      Requirement.positive("members", members);
      Requirement.positive("epochs", epochs);
    }

    @Override
    public String job() {
      return teaching.job();
    }
  }

  /**
   * {@link io.tierwise.distill.encoder.EncoderJob}.
   *
   * @param layers of the teacher that the student begins with
   * @param imitate epochs of imitating the teacher's last states, which come first
   * @param epochs of the task itself
   */
  record Encoder(Teaching teaching, List<Integer> layers, int imitate, int epochs)
      implements TextTechnique {
    public Encoder {
      layers = List.copyOf(layers);
      Requirement.notNegative("imitate", imitate);
      Requirement.positive("epochs", epochs);
    }

    @Override
    public String job() {
      return teaching.job();
    }
  }

  /**
   * {@link io.tierwise.distill.encoder.PruneUnitsJob}.
   *
   * @param keep share of each layer's feed-forward units
   */
  record PruneUnits(double keep, int epochs) implements TextTechnique {
    public PruneUnits {
      Requirement.openUnit("keep", keep);
      Requirement.notNegative("epochs", epochs);
    }

    @Override
    public String job() {
      return "prune-neurons";
    }
  }

  /** {@link io.tierwise.distill.encoder.QuantizeEncoderJob}. */
  record Quantize(Scaling mode) implements TextTechnique {
    @Override
    public String job() {
      return "quantize";
    }
  }
}
