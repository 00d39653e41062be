package io.tierwise.aws.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the images' definitions must say; infra/images/try.sh builds and runs one. */
class ImagesTest {
  private static final Path HOME = Path.of(System.getProperty("tierwise.home"));
  private static final Path IMAGES = HOME.resolve("infra/images");

  @TempDir private Path folder;

  private static List<String> instructions(String image) throws IOException {
    String file = Files.readString(IMAGES.resolve(image).resolve("Dockerfile"));
    return file.replace("\\\n", " ")
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .map(line -> line.replaceAll(" +", " ").strip())
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"gateway", "jobs"})
  void anImageRunsAsNobodyInParticularAndFetchesNothing(String image) throws IOException {
    List<String> lines = instructions(image);
    int user = lines.indexOf("USER 65532:65532");
    assertTrue(user > 0);
    assertTrue(
        lines.subList(user, lines.size()).stream().noneMatch(line -> line.startsWith("RUN")));
    assertTrue(lines.getFirst().startsWith("ARG BASE="));
    assertTrue(lines.contains("FROM ${BASE}"));
    assertTrue(
        lines.stream()
            .noneMatch(line -> line.matches("(ADD|RUN) .*(https?:|curl|wget|apt|apk|pip).*")));
    assertTrue(
        lines.stream()
            .anyMatch(line -> line.startsWith("ENV") && line.contains("DJL_OFFLINE=true")));
    // In the form of a list, so that the process gets the signals itself.
    assertTrue(
        lines.stream()
            .anyMatch(line -> line.startsWith("ENTRYPOINT [\"java\", \"@/opt/tierwise/")));
    assertEquals(1, lines.stream().filter(line -> line.startsWith("VOLUME ")).count());
  }

  /** Options and class path are those that the cache was made with, or it is of no use. */
  @Test
  void theGatewaysClassCacheIsMadeWithTheOptionsItRunsWith() throws IOException {
    List<String> lines = instructions("gateway");
    String made =
        lines.stream().filter(line -> line.startsWith("RUN java")).findFirst().orElseThrow();
    assertTrue(
        made.startsWith(
            "RUN java @/opt/tierwise/java.options io.tierwise.cli.Main bench rehearsal -- "
                + "java @/opt/tierwise/java.options -XX:AOTCacheOutput=/opt/tierwise/serve.aot "
                + "io.tierwise.cli.Main || true"),
        made);
    assertTrue(
        lines.contains(
            "ENTRYPOINT [\"java\", \"@/opt/tierwise/java.options\","
                + " \"-XX:AOTCache=/opt/tierwise/serve.aot\", \"io.tierwise.cli.Main\"]"));
  }

  private static void jar(Path file, Map<String, String> entries) throws IOException {
    try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file))) {
      for (Map.Entry<String, String> entry : entries.entrySet()) {
        jar.putNextEntry(new ZipEntry(entry.getKey()));
        jar.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
        jar.closeEntry();
      }
    }
  }

  @Test
  void theGatewaysContextHoldsNoTrainingAndOneNativeLibraryOutsideTheJars() throws Exception {
    Path lib = Files.createDirectories(folder.resolve("built/lib"));
    jar(folder.resolve("built/tierwise-cli.jar"), Map.of("a.txt", "a"));
    jar(lib.resolve("pytorch-native-cpu-2.7.1-linux-x86_64.jar"), Map.of("a.txt", "a"));
    jar(lib.resolve("zebra-1.jar"), Map.of("a.txt", "a"));
    jar(
        lib.resolve("onnxruntime-1.29.0.jar"),
        Map.of(
            "ai/onnxruntime/OrtEnvironment.class", "class",
            "ai/onnxruntime/native/linux-x64/libonnxruntime.so", "x64",
            "ai/onnxruntime/native/linux-aarch64/libonnxruntime.so", "aarch64",
            "ai/onnxruntime/native/win-x64/onnxruntime.dll", "win"));
    Path context = folder.resolve("context");
    ProcessBuilder builder =
        new ProcessBuilder(
                "sh", IMAGES.resolve("context.sh").toString(), "gateway", context.toString())
            .redirectErrorStream(true);
    builder.environment().put("TIERWISE_BUILT", folder.resolve("built").toString());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);

    try (Stream<Path> jars = Files.list(context.resolve("lib"))) {
      assertEquals(
          List.of("onnxruntime-1.29.0.jar", "tierwise-cli.jar", "zebra-1.jar"),
          jars.map(jar -> jar.getFileName().toString()).sorted().toList());
    }
    String machine = System.getProperty("os.arch").equals("aarch64") ? "aarch64" : "x64";
    assertEquals(machine, Files.readString(context.resolve("native/libonnxruntime.so")));
    List<String> options = Files.readAllLines(context.resolve("java.options"));
    assertEquals(
        "-cp /opt/tierwise/lib/onnxruntime-1.29.0.jar:/opt/tierwise/lib/tierwise-cli.jar"
            + ":/opt/tierwise/lib/zebra-1.jar",
        options.getLast());
    assertTrue(options.contains("-Donnxruntime.native.path=/opt/tierwise/native"));
    assertTrue(Files.exists(context.resolve("infra/prices")));
  }
}
