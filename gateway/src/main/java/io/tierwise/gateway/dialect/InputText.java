package io.tierwise.gateway.dialect;

import static io.tierwise.gateway.dialect.DialectException.badRequest;

import java.nio.charset.StandardCharsets;

/** The texts that callers send: visible, whole, and of at most 32 KiB. */
final class InputText {
  static final int MAXIMUM_BYTES = 32 * 1024;

  private InputText() {}

  /**
   * @return the text as it came
   * @throws DialectException 400, naming the field
   */
  static String checked(String text, String field) {
    if (text.isBlank()) {
      throw badRequest(
          field, "'" + field + "' is blank: send at least one visible character.", "invalid_value");
    }
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw badRequest(field, "'" + field + "' holds half a surrogate pair.", "invalid_value");
    }
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAXIMUM_BYTES) {
      throw badRequest(
          field,
          "'" + field + "' has " + bytes + " bytes; at most " + MAXIMUM_BYTES + " are read.",
          "string_above_max_length");
    }
    return text;
  }
}
