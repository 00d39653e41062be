package io.tierwise.gateway.dialect;

import org.jspecify.annotations.Nullable;

/**
 * OpenAI's error object: {@code {"error": {"message", "type", "param", "code"}}}.
 *
 * @param type OpenAI's coarse kind, as in {@code invalid_request_error}
 * @param param the field or header that is wrong; null when it is none of them
 * @param code short and stable, for programs; null where OpenAI has none either
 */
public record OpenAiError(
    String message, String type, @Nullable String param, @Nullable String code) {
  static final String INVALID_REQUEST = "invalid_request_error";

  /** A request that is wrong in this field. */
  public static OpenAiError invalid(String param, String message, String code) {
    return new OpenAiError(message, INVALID_REQUEST, param, code);
  }
}
