package io.tierwise.distill.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.distill.Kept;
import io.tierwise.distill.Progress;
import io.tierwise.distill.compress.Technique.Epochs;
import io.tierwise.distill.data.Answered;
import io.tierwise.distill.encoder.Tiny;
import io.tierwise.distill.onnx.BagGraph;
import io.tierwise.distill.onnx.OnnxModels;
import io.tierwise.distill.onnx.Scaling;
import io.tierwise.distill.parallel.Engine;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.request.Input;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.ArtifactFiles;
import io.tierwise.student.artifact.ArtifactWriter;
import io.tierwise.student.artifact.Calibration;
import io.tierwise.student.artifact.Lineage;
import io.tierwise.student.artifact.Shape;
import io.tierwise.student.feature.BagFeaturizer;
import io.tierwise.student.model.Student;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every technique on students of texts whose label is the colour in them. */
final class TechniqueJobTest {
  private static final List<Answered> TEXTS = Tiny.texts(120, 1, "red", "blue");
  private static final Epochs NONE = new Epochs(0, 1e-3f);
  private static final Epochs FEW = new Epochs(4, 2e-3f);
  private static final Technique ROWS =
      new Technique.PruneNeurons(Optional.of(new Kept(0.5)), Optional.empty(), NONE);
  private static final Technique HEADS =
      new Technique.PruneNeurons(Optional.empty(), Optional.of(new Kept(1)), FEW);
  private static final Technique EXTRACT =
      new Technique.Extract(24, List.of(), List.of(0), new Epochs(60, 2e-3f));

  @TempDir private static Path shared;
  private static Artifact encoder;
  private static Artifact bag;

  @TempDir private Path folder;

  @BeforeAll
  static void makeStudents() throws IOException {
    encoder = Tiny.trained(shared.resolve("encoder"), 2, Tiny.task("red", "blue"), TEXTS);
    bag = artifact(shared.resolve("bag"), Shape.BAG, BagFeaturizer.VERSION, bag(8).write());
  }

  /** What looks like red speaks for red, what looks like blue for blue. */
  private static BagGraph bag(int width) {
    float[] rarity = new float[BagFeaturizer.BUCKETS];
    Arrays.fill(rarity, 1);
    byte[] table = new byte[width * rarity.length];
    for (int bucket : new BagFeaturizer().featurize("red").buckets()) {
      table[width * bucket] = 100;
    }
    for (int bucket : new BagFeaturizer().featurize("blue").buckets()) {
      table[width * bucket + 1] = 100;
      table[width * bucket + 2] = 1;
    }
    float[] head = new float[width * 2];
    head[0] = 1;
    head[3] = 1;
    head[4] = 0.01f;
    return new BagGraph(rarity, null, table, head, new float[2]);
  }

  private static long filled(BagGraph bag) {
    return IntStream.range(0, bag.rows())
        .filter(row -> bag.table()[3 * row] != 0 || bag.table()[3 * row + 1] != 0)
        .count();
  }

  private static Artifact artifact(Path directory, Shape shape, String featurizer, byte[] graph)
      throws IOException {
    return ArtifactWriter.write(
        directory,
        new ArtifactWriter.Draft(
            "colour",
            shape,
            featurizer,
            List.of("red", "blue"),
            new Calibration.Temperature(3),
            Map.of(),
            new Lineage("test", Map.of(), List.of(), "", 1, "1"),
            Tiny.CLOCK.instant()),
        Map.of(ArtifactFiles.MODEL, graph));
  }

  private Artifact run(String name, Technique technique, Artifact... parents) throws IOException {
    try (Engine engine = Engine.local()) {
      return TechniqueJob.run(
          technique, List.of(parents), TEXTS, folder.resolve(name), workshop(engine));
    }
  }

  private static TechniqueJob.Workshop workshop(Engine engine) {
    return new TechniqueJob.Workshop(1, engine, Tiny.CLOCK, Progress.SILENT);
  }

  private static Effect effect(Artifact made, Artifact... parents) throws IOException {
    return Effect.measure(made, List.of(parents), TEXTS);
  }

  private static double[] logits(Artifact artifact) throws IOException {
    try (Student student = Student.load(artifact)) {
      return student.predict(new Input.Text("the red house")).logits();
    }
  }

  private void assertRefused(String message, Technique technique, Artifact... parents) {
    InvalidValueException refused =
        assertThrows(InvalidValueException.class, () -> run("refused", technique, parents));
    assertTrue(refused.getMessage().endsWith(message), refused.getMessage());
    assertFalse(Files.exists(folder.resolve("refused")));
  }

  @Test
  void anEncoderTakesEveryTechniqueThatIsOneForIt() throws IOException {
    Artifact pruned = run("pruned", HEADS, encoder);
    Artifact dynamic = run("dynamic", new Technique.Quantize(Scaling.DYNAMIC), pruned);
    Artifact fixed = run("static", new Technique.Quantize(Scaling.STATIC), pruned);
    Artifact compiled = run("compiled", new Technique.Compile(), encoder);
    Artifact extracted = run("extracted", EXTRACT, encoder);
    for (Artifact made : List.of(pruned, dynamic, fixed, compiled, extracted)) {
      assertTrue(effect(made, encoder).accuracy() > 0.95, made.directory().toString());
      assertEquals(1, made.manifest().lineage().parents().size());
    }
    assertTrue(effect(pruned, encoder).bytes() < effect(pruned, encoder).bytesBefore());
    assertEquals(24, extracted.manifest().metrics().get("prototypes"));
    assertArrayEquals(logits(encoder), logits(compiled), 1e-4);
  }

  @Test
  void aBagTakesEveryTechniqueThatIsOneForIt() throws IOException {
    Artifact fewer = run("fewer", ROWS, bag);
    Artifact narrow =
        run(
            "narrow",
            new Technique.Factorize(OptionalInt.of(2), OptionalDouble.empty(), NONE),
            fewer);
    Artifact compiled = run("compiled", new Technique.Compile(), bag);
    assertEquals(1, effect(fewer, bag).accuracy());
    assertEquals(1, effect(narrow, bag).agreement());
    assertTrue(effect(fewer, bag).bytes() < 0.8 * effect(fewer, bag).bytesBefore());
    assertTrue(effect(narrow, fewer).bytes() < effect(narrow, fewer).bytesBefore());
    assertArrayEquals(logits(bag), logits(compiled), 1e-4);
    assertEquals(new Calibration.Temperature(3), compiled.manifest().calibration());
    assertEquals(new Calibration.Temperature(1), narrow.manifest().calibration());
    assertEquals(Shape.BAG, narrow.manifest().shape());
  }

  @Test
  void fusedStudentsAnswerTheWeightedMeanOfTheirLogits() throws IOException {
    Artifact pruned = run("pruned", HEADS, encoder);
    Artifact encoders = run("encoders", new Technique.Fuse(List.of(0.25, 0.75)), encoder, pruned);
    Artifact fewer = run("fewer", ROWS, bag);
    Artifact bags = run("bags", new Technique.Fuse(List.of()), bag, fewer);
    for (int label = 0; label < 2; label++) {
      assertEquals(
          0.25 * logits(encoder)[label] + 0.75 * logits(pruned)[label],
          logits(encoders)[label],
          1e-4);
      assertEquals(
          0.5 * logits(bag)[label] + 0.5 * logits(fewer)[label], logits(bags)[label], 1e-4);
    }
    assertRefused(
        ": it is of shape 'bag'; give students of one shape",
        new Technique.Fuse(List.of()),
        encoder,
        bag);
  }

  @Test
  void aTechniqueThatIsNothingForAShapeIsRefusedWithWhatItIsFor() throws IOException {
    Technique weights = new Technique.PruneWeights(0.5, false, NONE);
    Technique rank = new Technique.Factorize(OptionalInt.of(1), OptionalDouble.empty(), NONE);
    assertRefused(
        "bag: prune-weights is nothing for a student of shape 'bag': a byte that is zero takes as"
            + " much room as any other; give one of shape mlp",
        weights,
        bag);
    assertRefused("give one of shape mlp", weights, encoder);
    assertRefused("give one of shape bag or mlp", rank, encoder);
    assertRefused("give one of shape encoder or mlp", EXTRACT, bag);
    assertRefused("give one of shape encoder or mlp", new Technique.Quantize(Scaling.STATIC), bag);
    assertRefused("heads: a bag has none; give how many rows to keep", HEADS, bag);
    int words = 1 + (int) Math.round(0.5 * filled(bag(3)));
    assertRefused(
        "keep: %d bytes of rows and 1048576 of their places are no less than 786432 of rows; keep"
                .formatted(3 * words)
            + " fewer, or leave this narrow table as it is",
        ROWS,
        artifact(folder.resolve("thin"), Shape.BAG, BagFeaturizer.VERSION, bag(3).write()));
    Artifact head =
        artifact(
            folder.resolve("head"),
            Shape.ENCODER_HEAD,
            "bge-small-en-v15-q/1",
            OnnxModels.linear(new float[384 * 2], new float[2]));
    assertRefused("give one of shape bag or encoder or mlp", new Technique.Compile(), head);
    assertRefused(
        "student: compile is given 2 artifacts; give one", new Technique.Compile(), bag, bag);
    assertRefused(
        "student: fuse is given 1 artifacts; give two or more", new Technique.Fuse(List.of()), bag);
  }

  @Test
  void theSameSeedGivesTheSameBytes() throws IOException {
    for (Technique technique : List.of(HEADS, EXTRACT)) {
      Artifact once = run(technique.job() + "-once", technique, encoder);
      Artifact again = run(technique.job() + "-again", technique, encoder);
      assertEquals(once.manifest().version(), again.manifest().version());
      assertArrayEquals(once.read(ArtifactFiles.MODEL), again.read(ArtifactFiles.MODEL));
    }
  }

  @Test
  void aChainLeavesWhatIsBetweenBesideTheResult() throws IOException {
    try (Engine engine = Engine.local()) {
      Artifact small =
          TechniqueJob.chain(
              List.of(HEADS, new Technique.Quantize(Scaling.DYNAMIC)),
              encoder,
              TEXTS,
              folder.resolve("small"),
              workshop(engine));
      Artifact between = Artifact.open(folder.resolve("small-prune-neurons"));
      assertEquals(List.of(between.manifest().version()), small.manifest().lineage().parents());
      assertEquals(
          encoder,
          TechniqueJob.chain(
              List.of(), encoder, TEXTS, folder.resolve("nothing"), workshop(engine)));
    }
  }
}
