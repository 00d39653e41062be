package io.tierwise.local;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** A request that gets no answer; knows OpenAI's error object for it. */
final class RefusedException extends RuntimeException {
  private final int status;
  private final @Nullable String field;
  private final String code;

  RefusedException(int status, @Nullable String field, String code, String message) {
    super(message);
    this.status = status;
    this.field = field;
    this.code = code;
  }

  /** A field that cannot be used. */
  static RefusedException invalid(String field, String message) {
    return new RefusedException(400, field, "invalid_value", "'" + field + "' " + message);
  }

  int status() {
    return status;
  }

  ObjectNode json() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.putObject("error")
        .put("message", getMessage())
        .put("type", status < 500 ? "invalid_request_error" : "server_error")
        .put("param", field)
        .put("code", code);
    return root;
  }
}
