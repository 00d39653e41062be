package io.tierwise.gateway.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.gateway.store.ChatAnswerStore.Kept;
import java.io.IOException;

/** What a kept answer says, also where it was kept as a stream. */
final class KeptStream {
  private final StringBuilder content = new StringBuilder();
  private final StringBuilder refusal = new StringBuilder();
  private String finish = "";

  private KeptStream() {}

  /** The answer in OpenAI's form; of a stream its first choice, put together of its pieces. */
  static JsonNode answer(Kept kept) {
    try {
      if (!kept.streamed()) {
        return OpenAiForm.object(kept.content());
      }
      KeptStream stream = new KeptStream();
      for (String line : new String(kept.content(), UTF_8).lines().toList()) {
        String data =
            line.startsWith(ChatStream.DATA)
                ? line.substring(ChatStream.DATA.length()).strip()
                : "";
        if (!data.isEmpty() && !data.equals(ChatStream.DONE)) {
          stream.add(OpenAiForm.object(data.getBytes(UTF_8)));
        }
      }
      return stream.whole();
    } catch (IOException e) {
      throw new IllegalStateException("it was read before", e);
    }
  }

  private void add(JsonNode chunk) {
    for (JsonNode choice : chunk.path("choices")) {
      if (choice.path("index").asInt() == 0) {
        content.append(choice.path("delta").path("content").asText(""));
        refusal.append(choice.path("delta").path("refusal").asText(""));
        finish = choice.path("finish_reason").asText(finish);
      }
    }
  }

  private ObjectNode whole() {
    ObjectNode answer = OpenAiForm.JSON.createObjectNode();
    ObjectNode choice = answer.putArray("choices").addObject().put("index", 0);
    choice
        .putObject("message")
        .put("content", content.toString())
        .put("refusal", refusal.toString());
    choice.put("finish_reason", finish);
    return answer;
  }
}
