package io.tierwise.router.request;

import io.tierwise.router.InvalidValueException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What is to be classified. */
public sealed interface Input {
  /** Size in bytes, as counted for usage estimates: UTF-8 for text, four per feature. */
  int bytes();

  /** A text. */
  record Text(String value) implements Input {
    public Text {
      if (value.isBlank()) {
        throw new InvalidValueException(
            "text", "it is blank", "send at least one visible character");
      }
    }

    @Override
    public int bytes() {
      int bytes = 0;
      for (int i = 0; i < value.length(); i++) {
        char each = value.charAt(i);
        if (each >= 0x80) {
          return value.getBytes(StandardCharsets.UTF_8).length;
        }
        bytes++;
      }
      return bytes;
    }
  }

  /** A feature vector of finite numbers. */
  final class Features implements Input {
    private final float[] values;

    public Features(float[] values) {
      if (values.length == 0) {
        throw new InvalidValueException("features", "there are none", "send at least one number");
      }
      for (int i = 0; i < values.length; i++) {
        if (!Float.isFinite(values[i])) {
          throw new InvalidValueException(
              "features[" + i + "]", values[i] + " is not finite", "send finite numbers only");
        }
      }
      this.values = values.clone();
    }

    public float[] toArray() {
      return values.clone();
    }

    @Override
    public int bytes() {
      return values.length * Float.BYTES;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Features that && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(values);
    }
  }
}
