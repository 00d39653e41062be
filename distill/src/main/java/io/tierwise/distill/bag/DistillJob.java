package io.tierwise.distill.bag;

import io.tierwise.distill.CodeVersion;
import io.tierwise.distill.NewDirectory;
import io.tierwise.distill.Progress;
import io.tierwise.distill.bag.BagTrainer.Lessons;
import io.tierwise.distill.data.Answered;
import io.tierwise.distill.data.DataHash;
import io.tierwise.distill.onnx.BagWeights;
import io.tierwise.distill.onnx.JobArtifact;
import io.tierwise.distill.onnx.OnnxModels;
import io.tierwise.distill.parallel.Engine;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.request.Label;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.ArtifactFiles;
import io.tierwise.student.artifact.ArtifactWriter;
import io.tierwise.student.artifact.Calibration;
import io.tierwise.student.artifact.Lineage;
import io.tierwise.student.artifact.Shape;
import io.tierwise.student.encoder.SentenceEncoder;
import io.tierwise.student.feature.Bag;
import io.tierwise.student.feature.BagFeaturizer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Distils a bag student from answered texts, exports it and checks the export. */
public final class DistillJob {
  private static final String NAME = "distill";

  private final DistillSpec spec;
  private final Workshop workshop;

  /**
   * What the job works with.
   *
   * @param encoder the pretrained encoder, used in training only
   * @param vocabulary the words that get a vector from the encoder; each one word to the featurizer
   * @param cache where the encoded vocabulary is kept
   * @param engine where the bags' gradients are computed; left open
   */
  public record Workshop(
      SentenceEncoder encoder,
      List<String> vocabulary,
      Path cache,
      Engine engine,
      Clock clock,
      Progress progress) {
    public Workshop {
      vocabulary = List.copyOf(vocabulary);
    }

    /** In this process. */
    public Workshop(
        SentenceEncoder encoder,
        List<String> vocabulary,
        Path cache,
        Clock clock,
        Progress progress) {
      this(encoder, vocabulary, cache, Engine.local(), clock, progress);
    }

    /** With all whole words that the encoder knows, in this process. */
    public Workshop(SentenceEncoder encoder, Path cache, Clock clock, Progress progress)
        throws IOException {
      this(encoder, encoder.vocabulary(), cache, clock, progress);
    }

    /** The same with another engine. */
    public Workshop with(Engine other) {
      return new Workshop(encoder, vocabulary, cache, other, clock, progress);
    }
  }

  private DistillJob(DistillSpec spec, Workshop workshop) {
    this.spec = spec;
    this.workshop = workshop;
  }

  /**
   * Trains a student and writes it, not yet calibrated, to a new directory.
   *
   * @throws InvalidValueException when the examples cannot teach: fewer than two texts or labels,
   *     or one that the task does not have
   * @throws IOException when {@code directory} is there already or the artifact cannot be written
   */
  public static Artifact run(
      DistillSpec spec, List<Answered> examples, Path directory, Workshop workshop)
      throws IOException {
    return new DistillJob(spec, workshop).run(examples, directory);
  }

  private Artifact run(List<Answered> examples, Path directory) throws IOException {
    requireLessons(examples);
    NewDirectory.require(directory);
    BagFeaturizer featurizer = new BagFeaturizer();
    List<Bag> plain =
        examples.stream().map(answered -> featurizer.featurize(answered.text())).toList();
    Rarity rarity = Rarity.of(plain);
    WordVectors words =
        EncodedVocabulary.load(
            workshop.encoder(), workshop.vocabulary(), workshop.cache(), workshop.progress());
    Lessons lessons = lessons(examples, plain.stream().map(rarity::weigh).toList(), words);
    BagFold.Folded folded = BagFold.fold(members(lessons, rarity), words, lessons);
    BagWeights weights =
        BagWeights.quantized(
            rarity.toArray(), folded.table(), folded.width(), folded.head(), folded.bias());
    byte[] model = OnnxModels.bag(weights);
    double difference = BagParity.largestDifference(model, weights, plain);
    return write(examples, directory, model, difference);
  }

  private Lessons lessons(List<Answered> examples, List<Bag> bags, WordVectors words) {
    List<Label> labels = spec.task().labels();
    float[][] hard =
        examples.stream()
            .map(answered -> Answered.with(answered.text(), answered.label()).target(labels))
            .toArray(float[][]::new);
    float[][] soft =
        spec.softShare() == 0
            ? hard
            : SoftLabels.of(examples, labels, workshop.encoder(), spec.seed(), workshop.progress());
    return new Lessons(bags, bags.stream().map(words::sum).toArray(float[][]::new), hard, soft);
  }

  private List<BagMember> members(Lessons lessons, Rarity rarity) {
    Random seeds = new Random(spec.seed());
    List<BagMember> members = new ArrayList<>();
    for (int member = 0; member < spec.members(); member++) {
      members.add(
          BagTrainer.train(
              spec,
              lessons,
              rarity.seenBuckets(),
              seeds.nextLong(),
              workshop.engine(),
              workshop.progress()));
    }
    return members;
  }

  private Artifact write(List<Answered> examples, Path directory, byte[] model, double difference)
      throws IOException {
    ArtifactWriter.Draft draft =
        new ArtifactWriter.Draft(
            spec.task().name(),
            Shape.BAG,
            BagFeaturizer.VERSION,
            spec.task().labels().stream().map(Label::value).toList(),
            new Calibration.Temperature(1),
            Map.of("trainingTexts", (double) examples.size(), "exportDifference", difference),
            new Lineage(
                NAME,
                spec.parameters(),
                List.of(),
                DataHash.of(examples),
                spec.seed(),
                CodeVersion.CURRENT),
            workshop.clock().instant());
    return JobArtifact.write(directory, draft, Map.of(ArtifactFiles.MODEL, model));
  }

  private static void requireLessons(List<Answered> examples) {
    long texts = examples.stream().map(Answered::text).distinct().count();
    long labels = examples.stream().map(Answered::label).distinct().count();
    if (texts < 2 || labels < 2) {
      throw new InvalidValueException(
          "examples",
          texts + " different texts with " + labels + " different answers teach nothing",
          "gather more of the large model's answers first");
    }
  }
}
