package io.tierwise.distill.ladder;

import io.tierwise.distill.Progress;
import io.tierwise.distill.bag.DistillJob;
import io.tierwise.distill.bag.DistillSpec;
import io.tierwise.distill.compress.CompressJob;
import io.tierwise.distill.compress.Step;
import io.tierwise.distill.data.Answered;
import io.tierwise.distill.data.DataHash;
import io.tierwise.distill.encoder.EncoderJob;
import io.tierwise.distill.encoder.EncoderSpec;
import io.tierwise.distill.encoder.FineTuneJob;
import io.tierwise.distill.encoder.PruneUnitsJob;
import io.tierwise.distill.encoder.QuantizeEncoderJob;
import io.tierwise.distill.ladder.TextTechnique.Teaching;
import io.tierwise.distill.measure.Contender;
import io.tierwise.distill.measure.Turns;
import io.tierwise.distill.transfer.TransferJob;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Task;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.ArtifactFile;
import io.tierwise.student.artifact.Shape;
import io.tierwise.student.encoder.SentenceEncoder;
import io.tierwise.student.model.Prediction;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Texts with the answers to learn. A latency is that of the whole way from a text to a label on one
 * core, a size that of all files; a head counts with the encoder that it sits on.
 *
 * @param test nothing is fitted to it
 * @param encoder bge-small, for teachers and soft labels; stays open
 * @param vocabulary the words that bags get a vector of from the encoder
 * @param cache of the encoder's work
 * @param calls by which each artifact is timed
 */
public record TextMaterial(
    List<Answered> train,
    List<Answered> test,
    SentenceEncoder encoder,
    List<String> vocabulary,
    Path cache,
    int calls)
    implements Material {
  private static final int CALLS = 300;
  private static final int BATCH = 32;

  public TextMaterial {
    train = List.copyOf(train);
    test = List.copyOf(test);
    vocabulary = List.copyOf(vocabulary);
  }

  /** With all whole words that the encoder knows. */
  public TextMaterial(
      List<Answered> train, List<Answered> test, SentenceEncoder encoder, Path cache)
      throws IOException {
    this(train, test, encoder, encoder.vocabulary(), cache, CALLS);
  }

  @Override
  public String sha256() {
    return DataHash.of(train);
  }

  @Override
  public Artifact make(
      Step step, List<Artifact> parents, Path directory, CompressJob.Workshop workshop)
      throws IOException {
    if (step instanceof TextTechnique technique) {
      return new Making(parents, directory, workshop).make(technique);
    }
    throw new IllegalArgumentException(step + " is not for texts");
  }

  @Override
  public boolean[] right(Artifact artifact) throws IOException {
    boolean[] right = new boolean[test.size()];
    List<Prediction> predictions = predictions(artifact, test, Progress.SILENT);
    for (int i = 0; i < right.length; i++) {
      right[i] = predictions.get(i).label().equals(test.get(i).label());
    }
    return right;
  }

  @Override
  public Size size(Artifact artifact) throws IOException {
    long gzipped = 0;
    for (ArtifactFile file : artifact.manifest().files()) {
      gzipped += Gzip.length(artifact.read(file.name()));
    }
    long beneath = artifact.manifest().shape() == Shape.ENCODER_HEAD ? encoder.bytes() : 0;
    return new Size(Contender.bytes(artifact) + beneath, gzipped + beneath);
  }

  @Override
  public double[] medians(List<Artifact> artifacts, int batch, Progress progress)
      throws IOException {
    List<Contender> contenders = new ArrayList<>();
    try {
      for (Artifact artifact : artifacts) {
        contenders.add(Contender.of(artifact.directory().toString(), artifact));
      }
      List<String> texts = test.stream().map(Answered::text).toList();
      return Turns.medians(
          contenders, texts, batch == 1 ? calls : calls / 10, batch, System::nanoTime, progress);
    } finally {
      contenders.forEach(Contender::close);
    }
  }

  private static List<Prediction> predictions(
      Artifact artifact, List<Answered> examples, Progress progress) throws IOException {
    try (Contender contender = Contender.of("answering", artifact)) {
      List<Prediction> predictions = new ArrayList<>();
      for (int from = 0; from < examples.size(); from += BATCH) {
        List<Answered> some = examples.subList(from, Math.min(from + BATCH, examples.size()));
        predictions.addAll(contender.predict(some.stream().map(Answered::text).toList()));
        progress.report("asking the parent", predictions.size(), examples.size());
      }
      return predictions;
    }
  }

  /** One artifact under way. */
  private final class Making {
    private final List<Artifact> parents;
    private final Path directory;
    private final CompressJob.Workshop workshop;
    private final Task.Classification task;

    private Making(List<Artifact> parents, Path directory, CompressJob.Workshop workshop) {
      this.parents = parents;
      this.directory = directory;
      this.workshop = workshop;
      this.task =
          new Task.Classification(
              workshop.task(),
              train.stream()
                  .map(each -> each.label().value())
                  .distinct()
                  .sorted()
                  .map(Label::new)
                  .toList());
    }

    private Artifact make(TextTechnique technique) throws IOException {
      return switch (technique) {
        case TextTechnique.Head head ->
            TransferJob.run(
                task,
                head.penalties().stream().map(Double::floatValue).toList(),
                train,
                encoder,
                directory,
                workshop.clock(),
                workshop.progress());
        case TextTechnique.FineTune tune ->
            FineTuneJob.run(
                FineTuneJob.Spec.of(task, tune.unfrozen(), workshop.seed())
                    .withEpochs(tune.epochs()),
                train,
                directory,
                texts());
        case TextTechnique.Bag bag ->
            DistillJob.run(
                DistillSpec.of(task, workshop.seed())
                    .with(bag.members(), bag.epochs())
                    .with((float) bag.teaching().share(), (float) bag.teaching().temperature()),
                lessons(),
                directory,
                texts());
        case TextTechnique.Encoder student ->
            EncoderJob.run(spec(student), lessons(), teacher(), directory, texts());
        case TextTechnique.PruneUnits prune ->
            PruneUnitsJob.run(
                parents.getFirst(),
                PruneUnitsJob.Spec.of(prune.keep(), prune.epochs(), workshop.seed()),
                train,
                directory,
                texts());
        case TextTechnique.Quantize quantize ->
            QuantizeEncoderJob.run(
                parents.getFirst(),
                QuantizeEncoderJob.Spec.of(quantize.mode()),
                train,
                directory,
                workshop.clock(),
                workshop.progress());
      };
    }

    private EncoderSpec spec(TextTechnique.Encoder student) {
      Teaching teaching = student.teaching();
      return EncoderSpec.of(task, workshop.seed())
          .withLayers(student.layers())
          .withEpochs(student.imitate(), student.epochs())
          .withSoftLabels((float) teaching.share(), (float) teaching.temperature());
    }

    /** The examples as the parent answers them; an encoder's states say more than its answers. */
    private List<Answered> lessons() throws IOException {
      if (parents.isEmpty() || teacher().isPresent()) {
        return train;
      }
      List<Prediction> answers = predictions(parents.getFirst(), train, workshop.progress());
      List<Answered> lessons = new ArrayList<>();
      for (int i = 0; i < train.size(); i++) {
        Answered example = train.get(i);
        lessons.add(new Answered(example.input(), example.label(), answers.get(i).distribution()));
      }
      return lessons;
    }

    private Optional<Artifact> teacher() {
      return parents.stream()
          .filter(parent -> parent.manifest().shape() == Shape.ENCODER)
          .findFirst();
    }

    private DistillJob.Workshop texts() {
      return new DistillJob.Workshop(
          encoder, vocabulary, cache, workshop.clock(), workshop.progress());
    }
  }
}
