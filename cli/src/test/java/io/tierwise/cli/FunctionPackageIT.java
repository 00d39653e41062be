package io.tierwise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tierwise.local.lambda.FunctionSettings;
import io.tierwise.local.lambda.LambdaServer;
import io.tierwise.local.lambda.Outcome;
import io.tierwise.local.pack.Architecture;
import io.tierwise.local.pack.FunctionPackage;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.ArtifactWriter;
import io.tierwise.student.artifact.Artifacts;
import io.tierwise.student.onnx.Graphs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The folder that is deployed: what is in it, how large it is, and that it answers. */
class FunctionPackageIT {
  private static final Path HOME = Path.of(System.getProperty("tierwise.home"));
  private static final Path MODULE = HOME.resolve("functions/student");
  private static final long MOST_ZIPPED = 60_000_000;
  private static final long MOST_UNPACKED = 200_000_000;

  @TempDir private Path work;

  @ParameterizedTest
  @EnumSource(Architecture.class)
  void theStudentFunctionIsSmallAndHoldsOneProcessorsNatives(Architecture architecture)
      throws IOException {
    Path folder = work.resolve("package");
    FunctionPackage.build(MODULE, folder, architecture);

    FunctionPackage.Size size = FunctionPackage.Size.of(folder);
    assertTrue(size.zipped() <= MOST_ZIPPED, () -> size.zipped() + " bytes zipped");
    assertTrue(size.unpacked() <= MOST_UNPACKED, () -> size.unpacked() + " bytes unpacked");
    assertEquals(
        Set.of("libonnxruntime.so", "libonnxruntime4j_jni.so"), names(folder.resolve("native")));
    // The 19th byte of an ELF file names the machine.
    byte[] library = Files.readAllBytes(folder.resolve("native/libonnxruntime.so"));
    assertEquals(architecture == Architecture.X86_64 ? 0x3e : 0xb7, library[18] & 0xff);
  }

  @Test
  void noFunctionCarriesAnHttpServerOrTheJobs() throws IOException {
    for (String function : List.of("student", "gateway", "audit", "report", "retrain")) {
      for (String jar : names(HOME.resolve("functions/" + function + "/target/lib"))) {
        for (String unwanted :
            List.of("helidon", "distill", "pytorch", "netty", "apache-client", "bench")) {
          assertTrue(!jar.contains(unwanted), function + " carries " + jar);
        }
      }
    }
    for (String jar : names(MODULE.resolve("target/lib"))) {
      assertTrue(!jar.startsWith("gateway-") && !jar.startsWith("sqlite"), jar);
    }
  }

  private static Set<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      Set<String> names = new TreeSet<>();
      files.forEach(file -> names.add(file.getFileName().toString()));
      return names;
    }
  }

  /** As {@code sam local invoke StudentFunction -e … --env-vars infra/sam-local.json} does it. */
  @Test
  void thePackageAnswersItsSampleEventsWithoutCredentials() throws Exception {
    Path folder = work.resolve("package");
    FunctionPackage.build(MODULE, folder, Architecture.own());
    FunctionPackage.include(artifact().directory(), folder.resolve("artifact"));
    FunctionSettings settings =
        new FunctionSettings(
            "student",
            folder,
            "io.tierwise.functions.student.StudentHandler",
            1024,
            Duration.ofSeconds(30),
            1,
            variables(),
            true,
            List.of());
    try (LambdaServer lambda = LambdaServer.start(List.of(settings), work.resolve("logs"), 0)) {
      for (String event : List.of("one", "batch")) {
        JsonNode sent =
            new ObjectMapper().readTree(MODULE.resolve("events/" + event + ".json").toFile());
        Outcome outcome =
            lambda.invoke("student", sent.toString().getBytes(StandardCharsets.UTF_8));
        String answer = new String(outcome.payload(), StandardCharsets.UTF_8);
        assertNull(
            outcome.functionError(), () -> answer + readable(work.resolve("logs/student.log")));
        assertEquals(
            sent.path("inputs").size(),
            new ObjectMapper().readTree(answer).path("predictions").size());
      }
    }
  }

  private static String readable(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static Map<String, String> variables() throws IOException {
    Map<String, String> variables = new HashMap<>();
    new ObjectMapper()
        .readTree(HOME.resolve("infra/sam-local.json").toFile())
        .path("StudentFunction")
        .properties()
        .forEach(each -> variables.put(each.getKey(), each.getValue().asText()));
    return variables;
  }

  private Artifact artifact() throws IOException {
    byte[] graph =
        Graphs.bag(Map.of(), new float[] {1}, new float[][] {new float[2]}, new float[] {1, -1});
    return ArtifactWriter.write(
        work.resolve("made"),
        Artifacts.bag("support-desk", List.of("refund", "other")),
        Map.of("model.onnx", graph));
  }
}
