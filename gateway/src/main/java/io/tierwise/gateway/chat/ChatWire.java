package io.tierwise.gateway.chat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What an upstream speaks, to and from OpenAI's chat completions. Where it speaks just that,
 * nothing is changed but the model's name.
 */
interface ChatWire {
  /**
   * Where it is asked, after its address.
   *
   * @param bare whether that address has no path of its own
   */
  String path(boolean bare, String model, boolean stream);

  /** The headers of a call, its content type aside. */
  Map<String, String> headers(@Nullable String apiKey);

  /**
   * The body of a call.
   *
   * @param question in OpenAI's form
   * @throws UnsupportedChatException where the upstream has no place for what is asked
   */
  byte[] request(ObjectNode question, String model);

  /**
   * An answer that is not a stream, or an error of the caller's own, in OpenAI's form.
   *
   * @throws IOException where it is none
   */
  byte[] answer(int status, byte[] content, String model) throws IOException;

  /**
   * Reads a stream of events to its end and hands on each line of OpenAI's, without its end, as it
   * comes.
   *
   * @param question that was asked
   * @throws IOException where it breaks off
   */
  void events(InputStream body, ObjectNode question, String model, Consumer<String> lines)
      throws IOException;

  /** Whether a content type is that of a stream of events. */
  default boolean streams(String contentType) {
    return contentType.startsWith("text/event-stream");
  }

  /** OpenAI's own. */
  ChatWire OPENAI =
      new ChatWire() {
        @Override
        public String path(boolean bare, String model, boolean stream) {
          return bare ? "/v1/chat/completions" : "/chat/completions";
        }

        @Override
        public Map<String, String> headers(@Nullable String apiKey) {
          return apiKey == null ? Map.of() : Map.of("authorization", "Bearer " + apiKey);
        }

        @Override
        public byte[] request(ObjectNode question, String model) {
          ObjectNode asked = question.deepCopy().put("model", model);
          return asked.toString().getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public byte[] answer(int status, byte[] content, String model) {
          return content;
        }

        @Override
        public void events(
            InputStream body, ObjectNode question, String model, Consumer<String> lines)
            throws IOException {
          try (BufferedReader reader =
              new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
              lines.accept(line);
            }
          }
        }
      };
}
