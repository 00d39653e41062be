package io.tierwise.gateway.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tierwise.gateway.testing.Requests;
import io.tierwise.router.request.CacheUse;
import io.tierwise.router.request.Cancellation;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.InputForm;
import io.tierwise.router.request.RoutingPolicy;
import io.tierwise.router.request.Tenant;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a caller may ask. */
class OpenAiRequestTest {
  private static final OpenAiDialect DIALECT =
      new OpenAiDialect(
          List.of(new ServedTask(Requests.TASK, new InputForm.Text(), Duration.ofSeconds(30))),
          Requests.NOW);

  private static Arrival arrival(String policy, String cacheControl) {
    return new Arrival(
        "r1", new Tenant("acme"), Requests.NOW, policy, cacheControl, null, Cancellation.NEVER);
  }

  private static ChatCall decode(String body) {
    return DIALECT.decode(body.getBytes(UTF_8), arrival(null, null));
  }

  private static String with(String fields) {
    return "{\"model\": \"support\", \"messages\": [{\"role\": \"user\", \"content\": \"hi\"}], "
        + fields
        + "}";
  }

  private static String text(ChatCall call) {
    InferenceRequest.Classify request = (InferenceRequest.Classify) call.request();
    return ((Input.Text) request.input()).value();
  }

  @Test
  void classifiesTheLastUserMessage() {
    ChatCall call =
        decode(
            """
            {"model": "support", "messages": [
              {"role": "system", "content": "Be brief."},
              {"role": "user", "content": "first"},
              {"role": "assistant", "content": null},
              {"role": "user", "content": "second"},
              {"role": "assistant", "content": "…"}]}
            """);
    assertEquals("second", text(call));
    assertEquals(Requests.TASK, call.request().task());
    assertEquals(new Tenant("acme"), call.request().context().tenant());
    assertEquals(Requests.NOW.plus(Duration.ofSeconds(30)), call.request().context().deadline());
  }

  @Test
  void joinsTextPartsWithLineBreaks() {
    ChatCall call =
        decode(
            """
            {"model": "support", "messages": [{"role": "user", "content": [
              {"type": "text", "text": "one"}, {"type": "text", "text": "two"}]}]}
            """);
    assertEquals("one\ntwo", text(call));
  }

  @Test
  void takesParametersThatChangeNothingAndNullForAbsent() {
    ChatCall call =
        decode(
            with(
                """
                "max_tokens": 5, "max_completion_tokens": 5, "top_p": 0.5, "seed": 1, "user": "u",
                "metadata": {"a": "b"}, "store": false, "stop": ["\\n"], "service_tier": "auto",
                "presence_penalty": 1, "frequency_penalty": 1, "reasoning_effort": "low",
                "response_format": {"type": "text"}, "stream": false, "n": 1, "tools": null,
                "logit_bias": null, "logprobs": null, "top_logprobs": null, "temperature": 0
                """));
    assertEquals("hi", text(call));
    assertEquals(CacheUse.ALLOWED, call.request().context().cache());
  }

  @Test
  void keepsWhatIsSampledAwayFromTheCaches() {
    ChatCall call = decode(with("\"temperature\": 0.7"));
    assertEquals(new CacheUse(false, false), call.request().context().cache());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          no-cache            | false | true
          No-Store            | true  | false
          no-cache , no-store | false | false
          max-age=0           | true  | true
          """)
  void readsCacheControl(String header, boolean read, boolean write) {
    ChatCall call = DIALECT.decode(with("\"n\": 1").getBytes(UTF_8), arrival(null, header));
    assertEquals(new CacheUse(read, write), call.request().context().cache());
  }

  @ParameterizedTest
  @CsvSource({"default, DEFAULT", "large-only, LARGE_ONLY", "cheap-only, CHEAP_ONLY"})
  void readsThePolicy(String header, RoutingPolicy policy) {
    ChatCall call = DIALECT.decode(with("\"n\": 1").getBytes(UTF_8), arrival(header, null));
    assertEquals(policy, call.request().context().policy());
  }

  @Test
  void refusesAnotherPolicy() {
    DialectException refused =
        assertThrows(
            DialectException.class,
            () -> DIALECT.decode(with("\"n\": 1").getBytes(UTF_8), arrival("cheapest", null)));
    assertEquals("400 x-tierwise-policy invalid_value", describe(refused));
  }

  private static String describe(DialectException refused) {
    return refused.status() + " " + refused.error().param() + " " + refused.error().code();
  }

  /** The body, and what it is answered with: status, param, code. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ``                                          | 400 null invalid_json
          `{`                                         | 400 null invalid_json
          `[]`                                        | 400 null invalid_json
          `"text"`                                    | 400 null invalid_json
          `{} {}`                                     | 400 null invalid_json
          `{"model": "a", "model": "b"}`              | 400 null invalid_json
          `{'model': 'support'}`                      | 400 null invalid_json
          `{"model": NaN}`                            | 400 null invalid_json
          `{}`                                        | 400 model missing_required_parameter
          `{"model": null}`                           | 400 model missing_required_parameter
          `{"model": 7}`                              | 400 model invalid_type
          `{"model": " "}`                            | 400 model invalid_type
          `{"model": "gpt-4o"}`                       | 404 model model_not_found
          `{"model": "\\ud800"}`                      | 404 model model_not_found
          `{"model": "support"}`                      | 400 messages missing_required_parameter
          `{"model": "support", "messages": []}`      | 400 messages invalid_type
          `{"model": "support", "messages": "hi"}`    | 400 messages invalid_type
          `{"model": "support", "messages": ["hi"]}`  | 400 messages[0] invalid_type
          `{"model": "support", "messages": [{"content": "hi"}]}` | 400 messages[0].role invalid_value
          `{"model": "support", "messages": [{"role": "boss", "content": "hi"}]}` | 400 messages[0].role invalid_value
          `{"model": "support", "messages": [{"role": "system", "content": "hi"}]}` | 400 messages no_user_message
          `{"model": "support", "messages": [{"role": "user"}]}` | 400 messages[0].content invalid_type
          `{"model": "support", "messages": [{"role": "user", "content": 5}]}` | 400 messages[0].content invalid_type
          `{"model": "support", "messages": [{"role": "user", "content": []}]}` | 400 messages[0].content invalid_type
          `{"model": "support", "messages": [{"role": "user", "content": " \\n"}]}` | 400 messages[0].content invalid_value
          `{"model": "support", "messages": [{"role": "user", "content": "a\\ud800b"}]}` | 400 messages[0].content invalid_value
          `{"model": "support", "messages": [{"role": "user", "content": [{"type": "image_url"}]}]}` | 400 messages[0].content[0].type invalid_value
          `{"model": "support", "messages": [{"role": "user", "content": [{"type": "text"}]}]}` | 400 messages[0].content[0].text invalid_type
          """)
  void refusesBodiesThatItCannotUse(String body, String expected) {
    assertEquals(expected, describe(assertThrows(DialectException.class, () -> decode(body))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "stream": "no"                          | stream invalid_type
          "stream_options": {}                    | stream_options invalid_value
          "stream": false, "stream_options": {}   | stream_options invalid_value
          "stream": true, "stream_options": []    | stream_options invalid_type
          "stream": true, "stream_options": {"include_usage": 1} | stream_options.include_usage invalid_type
          "stream": true, "stream_options": {"usage": true} | stream_options.usage unknown_parameter
          "tools": []                             | tools unsupported_parameter
          "tool_choice": "none"                   | tool_choice unsupported_parameter
          "functions": [{"name": "f"}]            | functions unsupported_parameter
          "logit_bias": {"1": 1}                  | logit_bias unsupported_parameter
          "modalities": ["audio"]                 | modalities unsupported_parameter
          "n": 2                                  | n unsupported_value
          "n": 1.0                                | n unsupported_value
          "n": 99999999999                        | n unsupported_value
          "response_format": {"type": "json_object"} | response_format unsupported_value
          "response_format": "text"               | response_format unsupported_value
          "temprature": 0                         | temprature unknown_parameter
          "temperature": 2.5                      | temperature invalid_value
          "temperature": "hot"                    | temperature invalid_value
          "temperature": 1e999                    | temperature invalid_value
          "logprobs": 5                           | logprobs invalid_type
          "logprobs": true, "top_logprobs": 21    | top_logprobs invalid_value
          "logprobs": true, "top_logprobs": -1    | top_logprobs invalid_value
          "top_logprobs": 2                       | top_logprobs invalid_value
          """)
  void refusesParametersThatItCannotHonour(String fields, String expected) {
    DialectException refused = assertThrows(DialectException.class, () -> decode(with(fields)));
    assertEquals("400 " + expected, describe(refused));
  }

  @Test
  void readsTextsUpToTheLimitAndNoLonger() {
    String longest = "é".repeat(16 * 1024);
    assertEquals(longest, text(decode(with("\"n\": 1").replace("\"hi\"", '"' + longest + '"'))));
    DialectException refused =
        assertThrows(
            DialectException.class,
            () -> decode(with("\"n\": 1").replace("\"hi\"", '"' + longest + "x\"")));
    assertEquals("400 messages[0].content string_above_max_length", describe(refused));
    assertEquals(
        "'messages[0].content' has 32769 bytes; at most 32768 are read.", refused.getMessage());
  }

  @Test
  void refusesDeepNestingAndBrokenUtf8() {
    String deep = "[".repeat(32) + "]".repeat(32);
    DialectException tooDeep =
        assertThrows(DialectException.class, () -> decode(with("\"metadata\": " + deep)));
    assertEquals("400 null invalid_json", describe(tooDeep));
    DialectException broken =
        assertThrows(
            DialectException.class,
            () -> DIALECT.decode(new byte[] {'{', (byte) 0xff, '}'}, arrival(null, null)));
    assertEquals("400 null invalid_json", describe(broken));
  }

  @Test
  void repeatsHalfASurrogatePairInAFormThatJsonCanHold() throws IOException {
    DialectException refused =
        assertThrows(DialectException.class, () -> decode("{\"model\": \"\\ud800\"}"));
    Reply reply = OpenAiDialect.error(refused.status(), refused.error(), Map.of());
    assertEquals(
        "The model `?` does not exist or you do not have access to it.",
        json(reply).path("error").path("message").asText());
  }

  private static JsonNode json(Reply reply) throws IOException {
    return new ObjectMapper().readTree(reply.body());
  }

  @Test
  void listsTasksAsModels() throws IOException {
    String model =
        "{\"id\":\"support\",\"object\":\"model\",\"created\":1772366400,\"owned_by\":\"tierwise\"}";
    assertEquals(
        "{\"object\":\"list\",\"data\":[" + model + "]}", json(DIALECT.models()).toString());
    assertEquals(model, json(DIALECT.model("support")).toString());
    DialectException unknown = assertThrows(DialectException.class, () -> DIALECT.model("gpt-4o"));
    assertEquals("404 model model_not_found", describe(unknown));
  }
}
