package io.tierwise.gateway.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.gateway.chat.ChatBody.Question;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a question is, and what its answer depends on besides. */
final class ChatBodyTest {
  private static ChatBody body(String json) throws IOException {
    return new ChatBody(OpenAiForm.object(json.getBytes(UTF_8)));
  }

  private static Question question(String json) throws IOException {
    return body(json).question().orElseThrow();
  }

  @Test
  void theQuestionIsTheLastMessagesText() throws IOException {
    Question plain =
        question(
            "{\"messages\":[{\"role\":\"system\",\"content\":\"s\"},"
                + "{\"role\":\"user\",\"content\":\"hi\"}],\"seed\":1}");
    assertEquals("hi", plain.text());
    assertEquals(
        "{\"messages\":[{\"role\":\"system\",\"content\":\"s\"},{\"role\":\"user\"}],\"seed\":1}",
        plain.rest().json().toString());
    Question parts =
        question(
            "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"hi\"},"
                + "{\"type\":\"image_url\",\"image_url\":{\"url\":\"u\"}}]}]}");
    assertEquals("hi", parts.text());
    assertEquals(
        "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\"},"
            + "{\"type\":\"image_url\",\"image_url\":{\"url\":\"u\"}}]}]}",
        parts.rest().json().toString());
  }

  @Test
  void thereIsNoneWhereTheUserDoesNotSpeakLastOrSaysNothing() throws IOException {
    for (String messages :
        new String[] {
          "[]",
          "{}",
          "[{\"role\":\"assistant\",\"content\":\"hi\"}]",
          "[{\"role\":\"user\",\"content\":\" \"}]",
          "[{\"role\":\"user\"}]",
          "[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\"}]}]"
        }) {
      assertEquals(Optional.empty(), body("{\"messages\":" + messages + "}").question(), messages);
    }
  }

  @Test
  void theOrderOfFieldsAndTheModelsNameSayNothing() throws IOException {
    assertArrayEquals(
        body("{\"model\":\"auto\",\"a\":{\"c\":1,\"b\":[2,1]}}").canonical(),
        body("{\"a\":{\"b\":[2,1],\"c\":1},\"model\":\"assistant:cheap\"}").canonical());
    assertFalse(
        Arrays.equals(body("{\"b\":[2,1]}").canonical(), body("{\"b\":[1,2]}").canonical()));
  }

  @Test
  void partingLeavesTheBodyAsItIs() throws IOException {
    ChatBody body = body("{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
    assertTrue(body.question().isPresent());
    assertEquals("hi", body.prompt());
  }
}
