package io.tierwise.gateway.tier;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Tenant;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.Normalizer;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Which requests are the very same question: a SHA-256 over tenant, task, endpoint version, prompt
 * version, parameters and the input, each with its length before it. A text counts in NFC without
 * surrounding white space, a feature vector bit by bit.
 *
 * @param endpointVersion a new one starts new answers
 * @param promptVersion likewise
 */
public record AnswerKey(String task, String endpointVersion, String promptVersion) {
  /** A task is always asked at temperature 0; what a caller samples is never shared. */
  private static final String PARAMETERS = "temperature=0";

  private static final char FIRST_COMBINING_MARK = 0x300;

  /** Empty for a request whose answers are not to be shared. */
  Optional<String> of(InferenceRequest request) {
    return switch (request) {
      case InferenceRequest.Chat chat -> Optional.empty();
      case InferenceRequest.Classify classify ->
          Optional.of(of(classify.context().tenant(), bytes(classify.input())));
    };
  }

  private static byte[] bytes(Input input) {
    return switch (input) {
      case Input.Text text -> composed(text.value()).strip().getBytes(UTF_8);
      case Input.Features features -> bytes(features.toArray());
    };
  }

  /** Below the first combining mark every text is in NFC as it is. */
  private static String composed(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= FIRST_COMBINING_MARK) {
        return Normalizer.normalize(text, Normalizer.Form.NFC);
      }
    }
    return text;
  }

  private static byte[] bytes(float[] values) {
    ByteBuffer buffer = ByteBuffer.allocate(values.length * Float.BYTES);
    buffer.asFloatBuffer().put(values);
    return buffer.array();
  }

  /** Of an input that is already in the form it counts in. */
  public String of(Tenant tenant, byte[] input) {
    MessageDigest digest =
        digest(List.of(tenant.name(), task, endpointVersion, promptVersion, PARAMETERS));
    update(digest, input);
    return HexFormat.of().formatHex(digest.digest());
  }

  /** What answers depend on besides tenant, task and input, with what reads the input. */
  String basis(String encoder) {
    MessageDigest digest = digest(List.of(encoder, endpointVersion, promptVersion, PARAMETERS));
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest digest(List<String> parts) {
    MessageDigest digest = sha256();
    parts.forEach(part -> update(digest, part.getBytes(UTF_8)));
    return digest;
  }

  /** Its length in four bytes, the highest first, and itself. */
  private static void update(MessageDigest digest, byte[] part) {
    for (int shift = 24; shift >= 0; shift -= Byte.SIZE) {
      digest.update((byte) (part.length >> shift));
    }
    digest.update(part);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
