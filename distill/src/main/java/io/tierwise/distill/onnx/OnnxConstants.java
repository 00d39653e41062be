package io.tierwise.distill.onnx;

import ai.onnx.proto.OnnxMl;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/** Reads back what {@link OnnxGraph} and others wrote as constants. */
public final class OnnxConstants {
  private OnnxConstants() {}

  static Map<String, OnnxMl.TensorProto> byName(OnnxMl.GraphProto graph) {
    Map<String, OnnxMl.TensorProto> constants = new HashMap<>();
    graph.getInitializerList().forEach(tensor -> constants.put(tensor.getName(), tensor));
    return constants;
  }

  /** Row-major. */
  public static float[] floats(OnnxMl.TensorProto tensor) {
    float[] values = new float[tensor.getRawData().size() / Float.BYTES];
    raw(tensor).asFloatBuffer().get(values);
    return values;
  }

  static int[] integers(OnnxMl.TensorProto tensor) {
    int[] values = new int[tensor.getRawData().size() / Integer.BYTES];
    raw(tensor).asIntBuffer().get(values);
    return values;
  }

  private static ByteBuffer raw(OnnxMl.TensorProto tensor) {
    return tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }
}
