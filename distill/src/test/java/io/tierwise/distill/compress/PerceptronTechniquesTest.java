package io.tierwise.distill.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.distill.Kept;
import io.tierwise.distill.Progress;
import io.tierwise.distill.compress.Technique.Epochs;
import io.tierwise.distill.data.FeatureSet;
import io.tierwise.distill.mlp.Dense;
import io.tierwise.distill.mlp.Mlp;
import io.tierwise.distill.onnx.MlpModels;
import io.tierwise.distill.onnx.Scaling;
import io.tierwise.distill.parallel.Engine;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Label;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.ArtifactFiles;
import io.tierwise.student.artifact.ArtifactWriter;
import io.tierwise.student.model.Student;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PerceptronTechniquesTest {
  private static final Epochs FEW = new Epochs(40, 0.01f);
  private static final FeatureSet BLOBS = blobs();

  @TempDir private Path folder;
  private Artifact teacher;

  /** Three classes in 8 dimensions, each around a corner of its own. */
  private static FeatureSet blobs() {
    Random random = new Random(11);
    float[][] features = new float[240][8];
    int[] classes = new int[240];
    for (int i = 0; i < classes.length; i++) {
      classes[i] = i % 3;
      for (int d = 0; d < 8; d++) {
        features[i][d] = (float) (random.nextGaussian() * 0.3 + (d % 3 == classes[i] ? 1 : 0));
      }
    }
    return new FeatureSet(
        List.of(new Label("a"), new Label("b"), new Label("c")), features, classes);
  }

  private Artifact run(String name, Technique technique, Artifact... parents) throws IOException {
    Clock clock = Clock.fixed(Instant.parse("2026-03-01T12:00:00Z"), ZoneOffset.UTC);
    try (Engine engine = Engine.local()) {
      return PerceptronTechniques.run(
          technique,
          List.of(parents),
          BLOBS,
          folder.resolve(name),
          new PerceptronTechniques.Workshop("blobs", 1, engine, clock, Progress.SILENT));
    }
  }

  private static double accuracy(Artifact artifact) throws IOException {
    try (Student student = Student.load(artifact)) {
      int right = 0;
      for (int i = 0; i < BLOBS.size(); i++) {
        Label label = student.predict(new Input.Features(BLOBS.features()[i])).label();
        right += label.equals(BLOBS.labels().get(BLOBS.classes()[i])) ? 1 : 0;
      }
      return (double) right / BLOBS.size();
    }
  }

  private static Mlp mlp(Artifact artifact) throws IOException {
    return MlpModels.read("test", artifact.read(ArtifactFiles.MODEL));
  }

  @BeforeEach
  void trainATeacher() throws IOException {
    teacher =
        run(
            "teacher",
            new Technique.Train(List.of(32), OptionalInt.empty(), new Epochs(20, 0.01f)));
    assertTrue(accuracy(teacher) > 0.97, "teacher " + accuracy(teacher));
  }

  @Test
  void everyTechniqueMakesAWorkingArtifactThatKnowsItsParent() throws IOException {
    Artifact pruned = run("pw", new Technique.PruneWeights(0.5, false, FEW), teacher);
    Artifact fewer =
        run(
            "pn",
            new Technique.PruneNeurons(Optional.of(new Kept(6)), Optional.empty(), FEW),
            teacher);
    Artifact thin =
        run("f", new Technique.Factorize(OptionalInt.of(3), OptionalDouble.empty(), FEW), teacher);
    Artifact distilled = run("d", new Technique.Distill(List.of(6), 0.5, 4, false, FEW), teacher);
    Artifact extracted =
        run("e", new Technique.Extract(30, List.of(6), List.of(), new Epochs(300, 0.01f)), teacher);
    Artifact dynamic = run("qd", new Technique.Quantize(Scaling.DYNAMIC), distilled);
    Artifact fixed = run("qs", new Technique.Quantize(Scaling.STATIC), distilled);
    Artifact compiled = run("c", new Technique.Compile(), fixed);
    Artifact fused = run("fu", new Technique.Fuse(List.of()), distilled, fewer);
    for (Artifact made :
        List.of(pruned, fewer, thin, distilled, extracted, dynamic, fixed, compiled, fused)) {
      assertTrue(accuracy(made) > 0.95, made.directory() + " " + accuracy(made));
      assertTrue(!made.manifest().lineage().parents().isEmpty());
      assertEquals(BLOBS.sha256(), made.manifest().lineage().dataSha256());
    }
    assertEquals(
        List.of(distilled.manifest().version(), fewer.manifest().version()),
        fused.manifest().lineage().parents());
    assertEquals(6, mlp(fewer).layers().getFirst().outputs());
    assertEquals(3, mlp(thin).layers().getFirst().outputs());
    int zeros = 0;
    for (Dense layer : mlp(pruned).layers()) {
      for (float weight : layer.weights()) {
        zeros += weight == 0 ? 1 : 0;
      }
    }
    assertEquals(176, zeros);
  }

  @Test
  void aTechniqueIsGivenAsManyArtifactsAsItTakes() {
    assertThrows(InvalidValueException.class, () -> run("x", new Technique.Compile()));
    assertThrows(
        InvalidValueException.class, () -> run("x", new Technique.Fuse(List.of()), teacher));
    assertThrows(
        InvalidValueException.class,
        () -> run("x", new Technique.Fuse(List.of(0.5, 0.2, 0.3)), teacher, teacher));
  }

  @Test
  void aGraphCompiledForAnotherMachineGivesWayToThePortableOne() throws IOException {
    Artifact compiled = run("c", new Technique.Compile(), teacher);
    var manifest = compiled.manifest();
    Artifact moved =
        ArtifactWriter.write(
            folder.resolve("moved"),
            new ArtifactWriter.Draft(
                manifest.task(),
                manifest.shape(),
                manifest.featurizer(),
                manifest.labels(),
                manifest.calibration(),
                manifest.metrics(),
                manifest.lineage(),
                manifest.createdAt()),
            Map.of(
                ArtifactFiles.MODEL, compiled.read(ArtifactFiles.MODEL),
                // Of no use here, and never looked at.
                ArtifactFiles.COMPILED, new byte[] {1, 2, 3},
                ArtifactFiles.TARGET, "another machine".getBytes(StandardCharsets.UTF_8)));
    Input input = new Input.Features(BLOBS.features()[0]);
    try (Student here = Student.load(compiled);
        Student there = Student.load(moved)) {
      assertArrayEquals(here.predict(input).logits(), there.predict(input).logits(), 1e-5);
    }
  }
}
