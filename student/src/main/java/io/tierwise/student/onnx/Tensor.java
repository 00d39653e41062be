package io.tierwise.student.onnx;

import java.nio.Buffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;

/**
 * One named input of a graph: {@code rows} × {@code columns} values, row by row. The arrays are
 * used as they are, for speed; do not change them during a forward pass.
 */
public sealed interface Tensor {
  String name();

  int rows();

  int columns();

  /** The values, all of them. */
  Buffer buffer();

  /** Whole numbers of 64 bits. */
  @SuppressWarnings("ArrayRecordComponent") // goes to native memory at once
  record Longs(String name, long[] values, int rows, int columns) implements Tensor {
    @Override
    public Buffer buffer() {
      return LongBuffer.wrap(values, 0, rows * columns);
    }
  }

  /** Numbers of single precision. */
  @SuppressWarnings("ArrayRecordComponent") // goes to native memory at once
  record Floats(String name, float[] values, int rows, int columns) implements Tensor {
    @Override
    public Buffer buffer() {
      return FloatBuffer.wrap(values, 0, rows * columns);
    }
  }
}
