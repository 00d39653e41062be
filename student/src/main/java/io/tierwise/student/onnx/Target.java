package io.tierwise.student.onnx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a compiled graph is tied to: processor, its vector instructions, and the runtime. */
public final class Target {
  /** The instructions that ONNX Runtime chooses its kernels by. */
  private static final List<String> INSTRUCTIONS =
      List.of(
          "avx2",
          "avx512f",
          "avx512bw",
          "avx512vl",
          "avx512_vnni",
          "avx_vnni",
          "amx_int8",
          "asimd",
          "asimddp",
          "i8mm",
          "sve");

  private Target() {}

  /** This machine, such as {@code linux-amd64 avx2 onnxruntime-1.29.0}. */
  public static String here() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT).replace(' ', '-');
    return Stream.of(
            system + "-" + System.getProperty("os.arch"),
            instructions(),
            "onnxruntime-" + OnnxRuntime.version())
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining(" "));
  }

  /** This machine as a latency's hardware: the target, and how many cores there are. */
  public static String machine() {
    return here() + ", " + Runtime.getRuntime().availableProcessors() + " cores";
  }

  private static String instructions() {
    Path description = Path.of("/proc/cpuinfo");
    if (!Files.isReadable(description)) {
      return "";
    }
    try (Stream<String> lines = Files.lines(description)) {
      List<String> known =
          lines
              .filter(line -> line.startsWith("flags") || line.startsWith("Features"))
              .findFirst()
              .map(line -> Arrays.asList(line.split("\\s+", -1)))
              .orElse(List.of());
      return INSTRUCTIONS.stream().filter(known::contains).collect(Collectors.joining("+"));
    } catch (IOException e) {
      return "";
    }
  }
}
