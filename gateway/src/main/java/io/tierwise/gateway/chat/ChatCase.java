package io.tierwise.gateway.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.router.InvalidValueException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What an audit of a chat is about, as text on its way to the referee.
 *
 * @param kept what the cache would have answered; null where a weak model is to be asked
 */
record ChatCase(ChatBody body, @Nullable String kept) {
  private static final String BODY = "body";
  private static final String KEPT = "kept";

  String text() {
    if (kept == null) {
      return body.json().toString();
    }
    ObjectNode both = OpenAiForm.JSON.createObjectNode().put(KEPT, kept);
    both.set(BODY, body.json());
    return both.toString();
  }

  /**
   * @param ofCache whether it was made with a kept answer: a body alone may have any field
   */
  static ChatCase of(String text, boolean ofCache) {
    try {
      ObjectNode root = OpenAiForm.object(text.getBytes(UTF_8));
      if (!ofCache) {
        return new ChatCase(new ChatBody(root), null);
      }
      if (root.path(BODY) instanceof ObjectNode body && root.path(KEPT).isTextual()) {
        return new ChatCase(new ChatBody(body), root.path(KEPT).textValue());
      }
      throw new IOException("it lacks its body or the kept answer");
    } catch (IOException e) {
      throw new InvalidValueException(
          "audit", "it holds no case of a chat", "erase it: ./tierwise erase");
    }
  }
}
