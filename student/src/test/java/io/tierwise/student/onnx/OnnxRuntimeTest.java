package io.tierwise.student.onnx;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class OnnxRuntimeTest {
  /** In a process of its own: loads a graph and says what it answers. */
  static final class Probe {
    private Probe() {}

    public static void main(String[] arguments) throws IOException {
      byte[] graph = Graphs.linear(new float[][] {{2}}, new float[] {1});
      try (OnnxModel model = OnnxModel.load("probe", graph)) {
        System.out.println(
            model.forward(new Tensor.Floats("features", new float[] {3}, 1, 1)).values()[0]);
      }
    }
  }

  @Test
  void startsUnderALongCommandLine() throws Exception {
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED",
                    "-Dpadding=" + "a".repeat(50_000),
                    "-cp",
                    System.getProperty("java.class.path"),
                    Probe.class.getName()))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();

    String said = new String(process.getInputStream().readAllBytes(), UTF_8);

    assertEquals(0, process.waitFor());
    assertEquals("7.0", said.strip());
  }
}
