package io.tierwise.gateway.tier;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tierwise.gateway.store.Sha256;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Tenant;
import java.nio.ByteBuffer;
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
    return digest(
        List.of(
            tenant.name().getBytes(UTF_8),
            task.getBytes(UTF_8),
            endpointVersion.getBytes(UTF_8),
            promptVersion.getBytes(UTF_8),
            PARAMETERS.getBytes(UTF_8),
            input));
  }

  /** What answers depend on besides tenant, task and input, with what reads the input. */
  public String basis(String encoder) {
    return digest(
        List.of(
            encoder.getBytes(UTF_8),
            endpointVersion.getBytes(UTF_8),
            promptVersion.getBytes(UTF_8),
            PARAMETERS.getBytes(UTF_8)));
  }

  /** Of each its length in four bytes, the highest first, and itself. */
  private static String digest(List<byte[]> parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += Integer.BYTES + part.length;
    }
    ByteBuffer whole = ByteBuffer.allocate(length);
    for (byte[] part : parts) {
      whole.putInt(part.length).put(part);
    }
    return HexFormat.of().formatHex(Sha256.begin().digest(whole.array()));
  }
}
