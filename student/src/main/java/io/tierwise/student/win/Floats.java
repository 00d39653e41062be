package io.tierwise.student.win;

import io.tierwise.router.InvalidValueException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/** Rows of finite numbers in a router's file, big-endian. */
final class Floats {
  private Floats() {}

  static void write(ByteBuffer to, float[] values) {
    for (float value : values) {
      to.putFloat(value);
    }
  }

  /**
   * @throws BufferUnderflowException where there are fewer
   */
  static float[] read(ByteBuffer from, int count) {
    if (count < 0 || count > from.remaining() / Float.BYTES) {
      throw new BufferUnderflowException();
    }
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = from.getFloat();
      if (!Float.isFinite(values[i])) {
        throw new InvalidValueException(
            "win router", "a weight is " + values[i], "train the router again");
      }
    }
    return values;
  }
}
