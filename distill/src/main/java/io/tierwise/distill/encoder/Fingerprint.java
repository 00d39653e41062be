package io.tierwise.distill.encoder;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tierwise.distill.train.Gradients.Parameter;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/** Names what a stage starts from, so that its result is found again by the next run. */
final class Fingerprint {
  private static final int BYTES = 16;

  private final MessageDigest digest;

  Fingerprint() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }

  Fingerprint add(Object value) {
    return add(value.toString().getBytes(UTF_8));
  }

  Fingerprint add(EncoderWeights weights) {
    for (Map.Entry<String, Parameter> each : weights.parameters().entrySet()) {
      add(each.getKey()).add(each.getValue().values());
    }
    return this;
  }

  Fingerprint add(float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES);
    bytes.asFloatBuffer().put(values);
    return add(bytes.array());
  }

  Fingerprint add(float[][] rows) {
    for (float[] row : rows) {
      add(row);
    }
    return this;
  }

  Fingerprint add(int[][] rows) {
    for (int[] row : rows) {
      ByteBuffer bytes = ByteBuffer.allocate(row.length * Integer.BYTES);
      bytes.asIntBuffer().put(row);
      add(bytes.array());
    }
    return this;
  }

  /** 32 hexadecimal digits. */
  String hex() {
    return HexFormat.of().formatHex(digest.digest(), 0, BYTES);
  }

  private Fingerprint add(byte[] bytes) {
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
    digest.update(bytes);
    return this;
  }
}
