package io.tierwise.distill.onnx;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.onnx.ModelProto;
import org.bytedeco.onnx.global.onnx;

/** The checker of the ONNX project itself: what {@code onnx.checker.check_model} runs. */
final class OnnxChecker {
  private OnnxChecker() {}

  /**
   * @param shapes whether every node's types and shapes are inferred and compared too, which needs
   *     operators that the standard knows
   * @throws RuntimeException where the checker refuses the file; it says why
   */
  static void check(byte[] file, boolean shapes) {
    try (ModelProto model = new ModelProto();
        BytePointer content = new BytePointer(file)) {
      if (!onnx.ParseProtoFromBytes(model, content, file.length)) {
        throw new IllegalStateException("it is no ONNX file");
      }
      onnx.check_model(model, shapes, false, false);
    }
  }
}
