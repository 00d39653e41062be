package io.tierwise.distill.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.distill.Progress;
import io.tierwise.distill.bag.DistillJob;
import io.tierwise.distill.compress.PerceptronTechniques;
import io.tierwise.distill.compress.Technique;
import io.tierwise.distill.compress.TechniqueJob;
import io.tierwise.distill.data.Answered;
import io.tierwise.distill.data.FeatureSet;
import io.tierwise.distill.encoder.EncoderJob;
import io.tierwise.distill.encoder.EncoderSpec;
import io.tierwise.distill.encoder.Training;
import io.tierwise.distill.parallel.Engine;
import io.tierwise.distill.parallel.Engines;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Task;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.ArtifactFiles;
import io.tierwise.student.encoder.SentenceEncoder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Features worked out on worker JVMs. */
class SparkExtractIT {
  private static final List<Label> LABELS = List.of(new Label("low"), new Label("high"));
  private static final Technique.Epochs FEW = new Technique.Epochs(3, 1e-3f);

  @TempDir private Path directory;

  @Test
  void aPerceptronExtractedOnWorkersOneOfWhichIsKilledIsTheSameToTheLastBit() throws IOException {
    FeatureSet vectors = vectors(6000);
    Technique extract = new Technique.Extract(20, List.of(6), List.of(), FEW);
    AtomicBoolean killed = new AtomicBoolean();
    Artifact here;
    Artifact there;
    Artifact teacher;
    try (Engine local = Engine.local()) {
      teacher =
          perceptron(
              "teacher",
              new Technique.Train(List.of(16), OptionalInt.empty(), FEW),
              List.of(),
              vectors,
              local,
              Progress.SILENT);
      here = perceptron("here", extract, List.of(teacher), vectors, local, Progress.SILENT);
    }
    try (Engine spark = Engines.open("spark", 2)) {
      Progress killing =
          (stage, done, total) -> {
            if (stage.equals("extracting features") && done < total && !killed.getAndSet(true)) {
              Executors.killOne();
            }
          };
      there = perceptron("there", extract, List.of(teacher), vectors, spark, killing);
    }
    assertTrue(killed.get(), "a worker was killed between two rounds");
    assertArrayEquals(here.read(ArtifactFiles.MODEL), there.read(ArtifactFiles.MODEL));
    assertEquals(here.manifest().version(), there.manifest().version());
  }

  @Test
  void anEncoderExtractedOnWorkersIsTheSameToTheLastBit() throws IOException {
    List<Answered> texts =
        IntStream.range(0, 600)
            .mapToObj(i ->
                Answered.with(
                    (i % 2 == 0 ? "a low number such as " : "a high number like ") + i,
                    LABELS.get(i % 2)))
            .toList();
    Artifact parent = encoder(texts.subList(0, 24));
    Technique extract = new Technique.Extract(12, List.of(), List.of(0), FEW);
    Artifact here;
    Artifact there;
    try (Engine local = Engine.local()) {
      here = extracted("here", extract, parent, texts, local);
    }
    try (Engine spark = Engines.open("spark", 2)) {
      there = extracted("there", extract, parent, texts, spark);
    }
    assertArrayEquals(here.read(ArtifactFiles.MODEL), there.read(ArtifactFiles.MODEL));
    assertEquals(here.manifest().version(), there.manifest().version());
  }

  private Artifact extracted(
      String name, Technique technique, Artifact parent, List<Answered> texts, Engine engine)
      throws IOException {
    return TechniqueJob.run(
        technique,
        List.of(parent),
        texts,
        directory.resolve(name),
        new TechniqueJob.Workshop(1, engine, Clock.systemUTC(), Progress.SILENT));
  }

  private Artifact perceptron(
      String name,
      Technique technique,
      List<Artifact> parents,
      FeatureSet vectors,
      Engine engine,
      Progress progress)
      throws IOException {
    return PerceptronTechniques.run(
        technique,
        parents,
        vectors,
        directory.resolve(name),
        new PerceptronTechniques.Workshop("halves", 1, engine, Clock.systemUTC(), progress));
  }

  private Artifact encoder(List<Answered> texts) throws IOException {
    EncoderSpec spec =
        new EncoderSpec(
            new Task.Classification("halves", LABELS),
            1,
            List.of(0, 1),
            0,
            32,
            new Training(0, 8, 1e-3f, 0),
            new Training(1, 8, 1e-3f, 0),
            0,
            1);
    try (SentenceEncoder unused = SentenceEncoder.bgeSmall(1)) {
      return EncoderJob.run(
          spec,
          texts,
          Optional.empty(),
          directory.resolve("encoder"),
          new DistillJob.Workshop(
              unused, directory.resolve("cache"), Clock.systemUTC(), Progress.SILENT));
    }
  }

  private static FeatureSet vectors(int count) {
    Random random = new Random(5);
    float[][] features = new float[count][10];
    int[] classes = new int[count];
    for (int i = 0; i < count; i++) {
      classes[i] = random.nextInt(2);
      for (int d = 0; d < 10; d++) {
        features[i][d] = (float) random.nextGaussian() + (d % 2 == classes[i] ? 1 : 0);
      }
    }
    return new FeatureSet(LABELS, features, classes);
  }
}
