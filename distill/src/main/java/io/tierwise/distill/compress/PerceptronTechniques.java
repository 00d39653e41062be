package io.tierwise.distill.compress;

import io.tierwise.distill.CodeVersion;
import io.tierwise.distill.Progress;
import io.tierwise.distill.data.FeatureSet;
import io.tierwise.distill.mlp.Mlp;
import io.tierwise.distill.mlp.MlpTrainer;
import io.tierwise.distill.mlp.MlpTrainer.Lessons;
import io.tierwise.distill.mlp.MlpTrainer.Masks;
import io.tierwise.distill.onnx.JobArtifact;
import io.tierwise.distill.onnx.MlpModels;
import io.tierwise.distill.parallel.Engine;
import io.tierwise.distill.parallel.FeatureParts;
import io.tierwise.distill.train.Prototypes;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.request.Label;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.ArtifactFiles;
import io.tierwise.student.artifact.ArtifactWriter;
import io.tierwise.student.artifact.Calibration;
import io.tierwise.student.artifact.Lineage;
import io.tierwise.student.artifact.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The techniques on perceptrons. What changes weights is fine-tuned afterwards, on the labels and
 * on the parent's own soft labels.
 */
public final class PerceptronTechniques {
  private static final int BATCH = 64;
  private static final Calibration UNFITTED = new Calibration.Temperature(1);

  /** Real inputs that activations and ranges are measured on. */
  private static final int MEASURED = 1000;

  /** Fine-tuning's pull towards the parent. */
  private static final float SHARE = 0.5f;

  private static final float TEMPERATURE = 4;

  private final FeatureSet examples;
  private final List<Artifact> parents;
  private final Workshop workshop;

  /**
   * What a job works with.
   *
   * @param task that the artifacts answer
   * @param seed of everything drawn
   * @param engine where gradients and features are computed; left open
   */
  public record Workshop(String task, long seed, Engine engine, Clock clock, Progress progress) {
    /** What any shape's techniques work with. */
    public TechniqueJob.Workshop shared() {
      return new TechniqueJob.Workshop(seed, engine, clock, progress);
    }
  }

  private PerceptronTechniques(FeatureSet examples, List<Artifact> parents, Workshop workshop) {
    this.examples = examples;
    this.parents = List.copyOf(parents);
    this.workshop = workshop;
  }

  /**
   * @param parents none to train from scratch, several to fuse, else one
   * @param examples to train, fine-tune and calibrate on
   * @param directory is made
   */
  public static Artifact run(
      Technique technique,
      List<Artifact> parents,
      FeatureSet examples,
      Path directory,
      Workshop workshop)
      throws IOException {
    return new PerceptronTechniques(examples, parents, workshop).run(technique, directory);
  }

  private Artifact run(Technique technique, Path directory) throws IOException {
    requireParents(technique);
    Map<String, byte[]> files =
        switch (technique) {
          case Technique.Train train -> model(train(train));
          case Technique.Distill distill -> model(distil(distill));
          case Technique.PruneWeights prune -> model(prune(prune));
          case Technique.PruneNeurons prune -> model(prune(prune));
          case Technique.Factorize factorize -> model(factorize(factorize));
          case Technique.Extract extract -> model(extract(extract));
          case Technique.Quantize quantize -> Map.of(ArtifactFiles.MODEL, quantize(quantize));
          case Technique.Compile compile -> GraphTechniques.compile(parents.getFirst());
          case Technique.Fuse fuse -> GraphTechniques.fuse(parents, fuse);
        };
    return JobArtifact.write(directory, draft(technique), files, GraphTechniques.made(technique));
  }

  private static Map<String, byte[]> model(Mlp mlp) {
    return Map.of(ArtifactFiles.MODEL, MlpModels.floats(mlp));
  }

  private void requireParents(Technique technique) {
    int least =
        switch (technique) {
          case Technique.Train train -> 0;
          case Technique.Fuse fuse -> 2;
          case Technique.Distill distill -> 1;
          case Technique.PruneWeights prune -> 1;
          case Technique.PruneNeurons prune -> 1;
          case Technique.Factorize factorize -> 1;
          case Technique.Extract extract -> 1;
          case Technique.Quantize quantize -> 1;
          case Technique.Compile compile -> 1;
        };
    boolean fits = least == 2 ? parents.size() >= 2 : parents.size() == least;
    if (!fits) {
      throw new InvalidValueException(
          "from",
          technique.job() + " is given " + parents.size() + " artifacts",
          "give " + (least == 2 ? "two or more" : least));
    }
  }

  private Mlp train(Technique.Train train) {
    FeatureSet labelled =
        train.labelled().isPresent()
            ? examples.sample(train.labelled().getAsInt(), workshop.seed())
            : examples;
    return fit(fresh(train.hidden()), labelled, null, train.epochs(), Masks.NONE);
  }

  private Mlp distil(Technique.Distill distill) throws IOException {
    FeatureSet shown = distill.shifts() ? examples.withShifts() : examples;
    Lessons lessons =
        new Lessons(
            logits(parent(), shown), (float) distill.share(), (float) distill.temperature());
    return fit(fresh(distill.hidden()), shown, lessons, distill.epochs(), Masks.NONE);
  }

  private Mlp prune(Technique.PruneWeights prune) throws IOException {
    Mlp parent = parent();
    PruneWeights pruning = new PruneWeights(prune.sparsity(), prune.perLayer());
    return fit(parent, examples, lessons(parent), prune.epochs(), pruning.gradually());
  }

  private Mlp prune(Technique.PruneNeurons prune) throws IOException {
    if (prune.heads().isPresent()) {
      throw new InvalidValueException("heads", "an mlp has none", "give how many units to keep");
    }
    Mlp parent = parent();
    Mlp smaller = new PruneNeurons(prune.keep().orElseThrow()).prune(parent, measured());
    return fit(smaller, examples, lessons(parent), prune.epochs(), Masks.NONE);
  }

  private Mlp factorize(Technique.Factorize factorize) throws IOException {
    Mlp parent = parent();
    Mlp thin = new Factorize(factorize.rank(), factorize.energy()).factorize(parent);
    return fit(thin, examples, lessons(parent), factorize.epochs(), Masks.NONE);
  }

  private Mlp extract(Technique.Extract extract) throws IOException {
    Mlp parent = parent();
    if (!extract.layers().isEmpty()) {
      throw new InvalidValueException("layers", "an mlp is made anew", "give its hidden units");
    }
    float[][] features =
        FeatureParts.of(
            new PerceptronFeatures(parent),
            examples.features(),
            workshop.engine(),
            workshop.progress());
    FeatureSet few =
        examples.select(Prototypes.of(features, extract.prototypes(), workshop.seed()));
    Lessons lessons = new Lessons(logits(parent, few), SHARE, TEMPERATURE);
    // The few are not worth spreading, and so the result is the same for every engine.
    try (Engine here = Engine.local()) {
      return fit(fresh(extract.hidden()), few, lessons, extract.epochs(), Masks.NONE, here);
    }
  }

  private byte[] quantize(Technique.Quantize quantize) throws IOException {
    Mlp parent = parent();
    return switch (quantize.scaling()) {
      case DYNAMIC -> MlpModels.int8Dynamic(parent);
      case STATIC -> MlpModels.int8Static(parent, ranges(parent));
    };
  }

  /** The values that each layer's inputs take on real inputs. */
  private List<MlpModels.Range> ranges(Mlp mlp) {
    float[][] values = measured();
    List<MlpModels.Range> ranges = new ArrayList<>();
    for (var layer : mlp.layers()) {
      float least = 0;
      float most = Float.MIN_NORMAL;
      for (float[] row : values) {
        for (float value : row) {
          least = Math.min(least, value);
          most = Math.max(most, value);
        }
      }
      ranges.add(new MlpModels.Range(least, most));
      values = Arrays.stream(values).map(layer::forward).toArray(float[][]::new);
    }
    return ranges;
  }

  private Mlp fit(
      Mlp start, FeatureSet data, @Nullable Lessons lessons, Technique.Epochs epochs, Masks masks) {
    return fit(start, data, lessons, epochs, masks, workshop.engine());
  }

  private Mlp fit(
      Mlp start,
      FeatureSet data,
      @Nullable Lessons lessons,
      Technique.Epochs epochs,
      Masks masks,
      Engine engine) {
    if (epochs.count() == 0) {
      return start;
    }
    MlpTrainer.Spec spec =
        new MlpTrainer.Spec(epochs.count(), BATCH, epochs.rate(), workshop.seed());
    return MlpTrainer.train(start, data, lessons, spec, masks, engine, workshop.progress());
  }

  private Mlp fresh(List<Integer> hidden) {
    List<Integer> widths = new ArrayList<>();
    widths.add(examples.dimensions());
    widths.addAll(hidden);
    widths.add(examples.labels().size());
    return Mlp.random(widths, new Random(workshop.seed()));
  }

  private Lessons lessons(Mlp parent) {
    return new Lessons(logits(parent, examples), SHARE, TEMPERATURE);
  }

  private static float[][] logits(Mlp teacher, FeatureSet data) {
    return Arrays.stream(data.features()).parallel().map(teacher::logits).toArray(float[][]::new);
  }

  private float[][] measured() {
    return examples.sample(MEASURED, workshop.seed()).features();
  }

  private Mlp parent() throws IOException {
    Artifact parent = parents.getFirst();
    return MlpModels.read(parent.directory().toString(), parent.read(ArtifactFiles.MODEL));
  }

  private ArtifactWriter.Draft draft(Technique technique) {
    return new ArtifactWriter.Draft(
        workshop.task(),
        Shape.MLP,
        Artifact.FEATURES + examples.dimensions(),
        examples.labels().stream().map(Label::value).toList(),
        calibration(technique),
        Map.of("trainingExamples", (double) examples.size()),
        new Lineage(
            technique.job(),
            technique.parameters(),
            parents.stream().map(parent -> parent.manifest().version()).toList(),
            examples.sha256(),
            workshop.seed(),
            CodeVersion.CURRENT),
        workshop.clock().instant());
  }

  /** That of the parent where its logits are, but for rounding; else it is to be fitted anew. */
  private Calibration calibration(Technique technique) {
    return switch (technique) {
      case Technique.Quantize quantize -> parents.getFirst().manifest().calibration();
      case Technique.Compile compile -> parents.getFirst().manifest().calibration();
      case Technique.Train train -> UNFITTED;
      case Technique.Distill distill -> UNFITTED;
      case Technique.PruneWeights prune -> UNFITTED;
      case Technique.PruneNeurons prune -> UNFITTED;
      case Technique.Factorize factorize -> UNFITTED;
      case Technique.Extract extract -> UNFITTED;
      case Technique.Fuse fuse -> UNFITTED;
    };
  }
}
