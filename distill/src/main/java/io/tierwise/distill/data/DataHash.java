package io.tierwise.distill.data;

import io.tierwise.router.request.Distribution;
import io.tierwise.router.request.Input;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Names a data set by its content, for an artifact's lineage. */
public final class DataHash {
  private DataHash() {}

  /**
   * SHA-256 over length-prefixed inputs, labels and the references' probabilities, in order; 64 hex
   * digits.
   */
  public static String of(List<Answered> examples) {
    MessageDigest digest = sha256();
    for (Answered example : examples) {
      update(digest, bytes(example.input()));
      update(digest, example.label().value());
      Distribution reference = example.reference();
      digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(reference.labels().size()).flip());
      for (int i = 0; i < reference.labels().size(); i++) {
        update(digest, reference.labels().get(i).value());
        digest.update(ByteBuffer.allocate(Double.BYTES).putDouble(reference.probability(i)).flip());
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** SHA-256 of one text's UTF-8; 64 hex digits. */
  public static String of(String text) {
    return HexFormat.of().formatHex(sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static byte[] bytes(Input input) {
    return switch (input) {
      case Input.Text text -> text.value().getBytes(StandardCharsets.UTF_8);
      case Input.Features features -> {
        ByteBuffer bits = ByteBuffer.allocate(features.bytes());
        bits.asFloatBuffer().put(features.toArray());
        yield bits.array();
      }
    };
  }

  private static void update(MessageDigest digest, String value) {
    update(digest, value.getBytes(StandardCharsets.UTF_8));
  }

  private static void update(MessageDigest digest, byte[] bytes) {
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
    digest.update(bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
