package io.tierwise.gateway.chat;

import java.io.Serial;

/** An upstream's protocol has no place for what a chat asks. */
final class UnsupportedChatException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final String field;

  /**
   * @param field of the request, in OpenAI's words
   */
  UnsupportedChatException(String field, String message) {
    super(message);
    this.field = field;
  }

  String field() {
    return field;
  }
}
