package io.tierwise.distill.compress;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.tierwise.router.InvalidValueException;
import io.tierwise.student.onnx.OnnxRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Rewrites graphs for the processor that this runs on, with ONNX Runtime's own optimizer. */
final class Compiler {
  private Compiler() {}

  /**
   * @param model a portable graph
   * @return the same function with fused and laid out nodes, which other processors may refuse
   */
  static byte[] compile(byte[] model) throws IOException {
    // Loads the natives with this project's settings.
    OnnxRuntime.engine();
    Path file = Files.createTempFile("tierwise-compiled", ".onnx");
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      options.setOptimizedModelFilePath(file.toString());
      options.setIntraOpNumThreads(1);
      OrtEnvironment.getEnvironment().createSession(model, options).close();
      return Files.readAllBytes(file);
    } catch (OrtException e) {
      throw new InvalidValueException(
          "model", "ONNX Runtime cannot compile it: " + e.getMessage(), "export the graph again");
    } finally {
      Files.deleteIfExists(file);
    }
  }
}
