package io.tierwise.gateway.dialect;

import static io.tierwise.gateway.dialect.DialectException.badRequest;

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
    int bytes = bytes(text);
    if (bytes < 0) {
      throw badRequest(field, "'" + field + "' holds half a surrogate pair.", "invalid_value");
    }
    if (bytes > MAXIMUM_BYTES) {
      throw badRequest(
          field,
          "'" + field + "' has " + bytes + " bytes; at most " + MAXIMUM_BYTES + " are read.",
          "string_above_max_length");
    }
    return text;
  }

  /** Its length in UTF-8; -1 where it has none. */
  private static int bytes(String text) {
    int bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char each = text.charAt(i);
      if (each < 0x80) {
        bytes++;
      } else if (each < 0x800) {
        bytes += 2;
      } else if (!Character.isSurrogate(each)) {
        bytes += 3;
      } else if (Character.isHighSurrogate(each)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        bytes += 4;
        i++;
      } else {
        return -1;
      }
    }
    return bytes;
  }
}
