package io.tierwise.distill.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import io.tierwise.distill.Kept;
import io.tierwise.distill.Progress;
import io.tierwise.distill.compress.PerceptronTechniques;
import io.tierwise.distill.compress.Technique;
import io.tierwise.distill.compress.Technique.Epochs;
import io.tierwise.distill.data.Answered;
import io.tierwise.distill.data.FeatureSet;
import io.tierwise.distill.encoder.QuantizeEncoderJob;
import io.tierwise.distill.encoder.Tiny;
import io.tierwise.distill.parallel.Engine;
import io.tierwise.router.request.Label;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.ArtifactFiles;
import io.tierwise.student.artifact.Lineage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Every kind of graph that the jobs write, held against the official checker. */
@EnabledOnOs(
    value = OS.LINUX,
    architectures = "amd64") // the checker's natives are of this platform
class OnnxFilesTest {
  private static final Epochs FEW = new Epochs(2, 0.01f);
  private static final List<Answered> TEXTS = Tiny.texts(60, 1, "red", "blue");
  private static final FeatureSet BLOBS = blobs();

  @TempDir private static Path folder;
  private static SequencedMap<String, Artifact> once;
  private static SequencedMap<String, Artifact> again;

  @BeforeAll
  static void makeOneOfEachTwice() throws IOException {
    once = make(folder.resolve("once"));
    again = make(folder.resolve("again"));
  }

  private static FeatureSet blobs() {
    Random random = new Random(11);
    float[][] features = new float[90][8];
    int[] classes = new int[90];
    for (int i = 0; i < classes.length; i++) {
      classes[i] = i % 3;
      for (int d = 0; d < 8; d++) {
        features[i][d] = (float) (random.nextGaussian() * 0.3 + (d % 3 == classes[i] ? 1 : 0));
      }
    }
    return new FeatureSet(
        List.of(new Label("a"), new Label("b"), new Label("c")), features, classes);
  }

  private static SequencedMap<String, Artifact> make(Path in) throws IOException {
    SequencedMap<String, Artifact> made = new LinkedHashMap<>();
    Artifact teacher =
        compressed(in, made, new Technique.Train(List.of(16), OptionalInt.empty(), FEW));
    Artifact distilled =
        compressed(in, made, new Technique.Distill(List.of(6), 0.5, 4, false, FEW), teacher);
    compressed(in, made, new Technique.PruneWeights(0.5, false, FEW), teacher);
    Artifact fewer =
        compressed(
            in,
            made,
            new Technique.PruneNeurons(Optional.of(new Kept(6)), Optional.empty(), FEW),
            teacher);
    compressed(
        in, made, new Technique.Factorize(OptionalInt.of(3), OptionalDouble.empty(), FEW), teacher);
    compressed(in, made, new Technique.Extract(20, List.of(6), List.of(), FEW), teacher);
    compressed(in, made, new Technique.Quantize(Scaling.DYNAMIC), distilled);
    Artifact fixed = compressed(in, made, new Technique.Quantize(Scaling.STATIC), distilled);
    compressed(in, made, new Technique.Fuse(List.of()), distilled, fewer);
    compressed(in, made, new Technique.Compile(), fixed);
    Artifact encoder = Tiny.trained(in.resolve("encoder"), 2, Tiny.task("red", "blue"), TEXTS);
    made.put("encoder", encoder);
    for (QuantizeEncoderJob.Spec spec :
        List.of(QuantizeEncoderJob.Spec.dynamic(), QuantizeEncoderJob.Spec.fixed())) {
      String name = "encoder-" + spec.scaling();
      made.put(
          name,
          QuantizeEncoderJob.run(
              encoder, spec, TEXTS, in.resolve(name), Tiny.CLOCK, Progress.SILENT));
    }
    return made;
  }

  private static Artifact compressed(
      Path in, Map<String, Artifact> made, Technique technique, Artifact... parents)
      throws IOException {
    String name = technique.job() + made.size();
    try (Engine engine = Engine.local()) {
      Artifact artifact =
          PerceptronTechniques.run(
              technique,
              List.of(parents),
              BLOBS,
              in.resolve(name),
              new PerceptronTechniques.Workshop("blobs", 1, engine, Tiny.CLOCK, Progress.SILENT));
      made.put(name, artifact);
      return artifact;
    }
  }

  @Test
  void theOfficialCheckerTakesEveryGraphOfAnArtifactWithItsShapes() throws IOException {
    for (Artifact artifact : once.values()) {
      OnnxChecker.check(artifact.read(ArtifactFiles.MODEL), true);
    }
    assertEquals(13, once.size());
  }

  @Test
  void theOfficialCheckerTakesTheBagAndTheHead() {
    BagWeights bag =
        BagWeights.quantized(
            new float[] {1, 2, 3, 4},
            new float[] {.1f, .2f, .3f, .4f, .5f, .6f, .7f, .8f},
            2,
            new float[] {1, 0, 0, 1},
            new float[] {0, 0});
    OnnxChecker.check(OnnxModels.bag(bag), true);
    OnnxChecker.check(OnnxModels.linear(new float[] {1, 0, 0, 1}, new float[] {0, 0}), true);
  }

  /** What the runtime fused is no standard operator; the rest of the file is held to the rules. */
  @Test
  void theOfficialCheckerTakesACompiledGraphAsFarAsItIsStandard() throws IOException {
    Artifact compiled = once.get("compile9");
    OnnxChecker.check(compiled.read(ArtifactFiles.COMPILED), false);
  }

  @Test
  void theCheckerRefusesWhatIsWrong() {
    byte[] unknownInput =
        new OnnxGraph("wrong")
            .input("x", DataType.FLOAT, "batch", "2")
            .output("y", DataType.FLOAT, "batch", "2")
            .node("Relu", "y", "nobody")
            .toBytes();
    byte[] wrongType =
        new OnnxGraph("wrong")
            .input("x", DataType.INT64, "batch", "2")
            .output("y", DataType.FLOAT, "batch", "2")
            .node("Sqrt", "y", "x")
            .toBytes();

    assertThrows(RuntimeException.class, () -> OnnxChecker.check(unknownInput, false));
    assertThrows(RuntimeException.class, () -> OnnxChecker.check(wrongType, true));
  }

  @Test
  void everyGraphSaysWhatMadeItAsTheManifestDoes() throws IOException {
    for (Map.Entry<String, Artifact> each : once.entrySet()) {
      Artifact artifact = each.getValue();
      Lineage lineage = artifact.manifest().lineage();
      boolean compiled = lineage.job().equals("compile");
      OnnxMl.ModelProto model =
          OnnxMl.ModelProto.parseFrom(
              artifact.read(compiled ? ArtifactFiles.COMPILED : ArtifactFiles.MODEL));
      assertEquals("tierwise", model.getProducerName(), each.getKey());
      assertEquals(lineage.codeVersion(), model.getProducerVersion());
      assertEquals("io.tierwise", model.getDomain());
      assertEquals(
          Map.of(
              "task", artifact.manifest().task(),
              "job", lineage.job(),
              "parameters",
                  lineage.parameters().entrySet().stream()
                      .map(parameter -> parameter.getKey() + "=" + parameter.getValue())
                      .collect(Collectors.joining("; ")),
              "parents", String.join(",", lineage.parents()),
              "data-sha256", lineage.dataSha256(),
              "seed", Long.toString(lineage.seed()),
              "code-version", lineage.codeVersion()),
          provenance(model),
          each.getKey());
    }
  }

  @Test
  void aCompiledArtifactsPortableGraphStillSaysWhatMadeIt() throws IOException {
    OnnxMl.ModelProto portable =
        OnnxMl.ModelProto.parseFrom(once.get("compile9").read(ArtifactFiles.MODEL));
    assertEquals("quantize", provenance(portable).get("job"));
  }

  @Test
  void theParametersOfATechniqueAreInTheManifest() {
    assertEquals(
        Map.of("epochs", "2", "rate", "0.01", "sparsity", "0.5", "scope", "global"),
        once.get("prune-weights2").manifest().lineage().parameters());
    assertEquals(
        Map.of("scaling", "static", "range", "0.9999"),
        once.get("encoder-STATIC").manifest().lineage().parameters());
  }

  @Test
  void theSameSeedGivesTheSameBytes() throws IOException {
    for (Map.Entry<String, Artifact> each : once.entrySet()) {
      assertArrayEquals(
          each.getValue().read(ArtifactFiles.MODEL),
          again.get(each.getKey()).read(ArtifactFiles.MODEL),
          each.getKey());
    }
    assertArrayEquals(
        once.get("compile9").read(ArtifactFiles.COMPILED),
        again.get("compile9").read(ArtifactFiles.COMPILED));
  }

  @Test
  void stampingReplacesWhatWasSaidBeforeAndKeepsTheRest() throws IOException {
    byte[] graph = new OnnxGraph("a").metadata("other", "kept").toBytes();
    Lineage first = new Lineage("first", Map.of(), List.of(), "", 1, "1");
    Lineage second = new Lineage("second", Map.of("a", "1"), List.of("p", "q"), "d", 2, "1");

    byte[] stamped = Provenance.stamped(Provenance.stamped(graph, "t", first), "t", second);

    assertArrayEquals(Provenance.stamped(graph, "t", second), stamped);
    OnnxMl.ModelProto model = OnnxMl.ModelProto.parseFrom(stamped);
    assertTrue(
        model.getMetadataPropsList().stream()
            .anyMatch(each -> each.getKey().equals("other") && each.getValue().equals("kept")));
    assertEquals("p,q", provenance(model).get("parents"));
  }

  private static Map<String, String> provenance(OnnxMl.ModelProto model) {
    return model.getMetadataPropsList().stream()
        .filter(each -> each.getKey().startsWith(Provenance.PREFIX))
        .collect(
            Collectors.toMap(
                each -> each.getKey().substring(Provenance.PREFIX.length()),
                OnnxMl.StringStringEntryProto::getValue));
  }
}
