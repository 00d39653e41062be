package io.tierwise.distill.compress;

import io.tierwise.distill.NewDirectory;
import io.tierwise.distill.Progress;
import io.tierwise.distill.data.Answered;
import io.tierwise.distill.data.FeatureSet;
import io.tierwise.distill.parallel.Engine;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.request.Label;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Makes one student of others by one technique: the one place that every technique begins at. */
public final class TechniqueJob {
  private TechniqueJob() {}

  /**
   * What a job works with.
   *
   * @param seed of everything drawn
   * @param engine where it is trained and features are worked out; left open
   */
  public record Workshop(long seed, Engine engine, Clock clock, Progress progress) {}

  /**
   * Writes a student, uncalibrated unless its logits are the parent's, to a new directory.
   *
   * @param parents several to fuse, else one; of one shape
   * @param examples to fine-tune on and to measure with
   * @throws InvalidValueException where the technique is none for the parents' shape
   */
  public static Artifact run(
      Technique technique,
      List<Artifact> parents,
      List<Answered> examples,
      Path directory,
      Workshop workshop)
      throws IOException {
    NewDirectory.require(directory);
    requireParents(technique, parents);
    if (obstacle(technique, shape(parents)).isPresent()) {
      throw refused(technique, parents);
    }
    return switch (shape(parents)) {
      case MLP -> perceptron(technique, parents, examples, directory, workshop);
      case BAG -> new BagTechniques(parents, examples, workshop).run(technique, directory);
      case ENCODER -> new EncoderTechniques(parents, examples, workshop).run(technique, directory);
      case ENCODER_HEAD, WIN_ROUTER -> throw refused(technique, parents);
    };
  }

  /**
   * One technique after the other. What is between is left beside the result, as later jobs go on
   * from it: the directory's name followed by the job's.
   */
  public static Artifact chain(
      List<Technique> techniques,
      Artifact parent,
      List<Answered> examples,
      Path directory,
      Workshop workshop)
      throws IOException {
    Artifact made = parent;
    for (int i = 0; i < techniques.size(); i++) {
      Technique technique = techniques.get(i);
      boolean last = i == techniques.size() - 1;
      Path to =
          last
              ? directory
              : directory.resolveSibling(directory.getFileName() + "-" + technique.job());
      made = run(technique, List.of(made), examples, to, workshop);
    }
    return made;
  }

  private static Shape shape(List<Artifact> parents) {
    return parents.getFirst().manifest().shape();
  }

  private static void requireParents(Technique technique, List<Artifact> parents) {
    boolean several = technique instanceof Technique.Fuse;
    if (several ? parents.size() < 2 : parents.size() != 1) {
      throw new InvalidValueException(
          "student",
          technique.job() + " is given " + parents.size() + " artifacts",
          "give " + (several ? "two or more" : "one"));
    }
    for (Artifact parent : parents) {
      if (parent.line()) {
        throw new InvalidValueException(
            parent.directory().toString(),
            "it is two students in line",
            "give one of them, and let the flywheel put them in line again");
      }
      if (parent.manifest().shape() != shape(parents)) {
        throw new InvalidValueException(
            parent.directory().toString(),
            "it is of shape '" + parent.manifest().shape() + "'",
            "give students of one shape");
      }
    }
  }

  /** Why a technique is none for a shape; empty where it is one. */
  static Optional<String> obstacle(Technique technique, Shape shape) {
    if (shape == Shape.ENCODER_HEAD) {
      return Optional.of("it is a head on an encoder that is shared");
    }
    if (shape == Shape.WIN_ROUTER) {
      return Optional.of("it has no graph");
    }
    String none = "";
    String trouble =
        switch (technique) {
          case Technique.Train train -> "it is made by a recipe or by 'distill student'";
          case Technique.Distill distill -> "it is made by a recipe or by 'distill student'";
          case Technique.PruneWeights prune ->
              switch (shape) {
                case MLP, ENCODER_HEAD, WIN_ROUTER -> none;
                case BAG -> "a byte that is zero takes as much room as any other";
                case ENCODER -> "zeros in its matrices are multiplied like other numbers";
              };
          case Technique.PruneNeurons prune -> none;
          case Technique.Factorize factorize ->
              shape == Shape.ENCODER
                  ? "prune-neurons makes its matrices smaller and leaves them one product each"
                  : none;
          case Technique.Extract extract ->
              shape == Shape.BAG ? "it has no features but its answers" : none;
          case Technique.Quantize quantize ->
              shape == Shape.BAG ? "its table is of bytes from the start" : none;
          case Technique.Compile compile -> none;
          case Technique.Fuse fuse -> none;
        };
    return trouble.isEmpty() ? Optional.empty() : Optional.of(trouble);
  }

  /** Names what the technique can be done to, and what can be done instead. */
  static InvalidValueException refused(Technique technique, List<Artifact> parents) {
    Shape shape = shape(parents);
    String able =
        Arrays.stream(Shape.values())
            .filter(each -> obstacle(technique, each).isEmpty())
            .map(Shape::text)
            .collect(Collectors.joining(" or "));
    return new InvalidValueException(
        parents.getFirst().directory().toString(),
        "%s is nothing for a student of shape '%s': %s"
            .formatted(technique.job(), shape, obstacle(technique, shape).orElse("")),
        able.isEmpty() ? "choose another technique" : "give one of shape " + able);
  }

  private static Artifact perceptron(
      Technique technique,
      List<Artifact> parents,
      List<Answered> examples,
      Path directory,
      Workshop workshop)
      throws IOException {
    List<Label> labels = parents.getFirst().manifest().labels().stream().map(Label::new).toList();
    return PerceptronTechniques.run(
        technique,
        parents,
        FeatureSet.of(labels, examples),
        directory,
        new PerceptronTechniques.Workshop(
            parents.getFirst().manifest().task(),
            workshop.seed(),
            workshop.engine(),
            workshop.clock(),
            workshop.progress()));
  }
}
