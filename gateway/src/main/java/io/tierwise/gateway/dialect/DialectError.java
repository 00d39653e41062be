package io.tierwise.gateway.dialect;

import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a request, for a dialect to give its own form. The parts are those of OpenAI's
 * error object; the Open Inference Protocol knows the message alone.
 *
 * @param message names the field that is wrong, where there is one
 * @param type OpenAI's coarse kind, as in {@code invalid_request_error}
 * @param param the field or header that is wrong; null when it is none of them
 * @param code short and stable, for programs; null where OpenAI has none either
 */
public record DialectError(
    String message, String type, @Nullable String param, @Nullable String code) {
  static final String INVALID_REQUEST = "invalid_request_error";

  /** A request that is wrong in this field. */
  public static DialectError invalid(String param, String message, String code) {
    return new DialectError(message, INVALID_REQUEST, param, code);
  }
}
