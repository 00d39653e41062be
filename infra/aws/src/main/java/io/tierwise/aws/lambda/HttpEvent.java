package io.tierwise.aws.lambda;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.gateway.dialect.CallerTimeout;
import io.tierwise.gateway.dialect.OpenAiDialect;
import io.tierwise.gateway.dialect.Reply;
import io.tierwise.gateway.front.Call;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** An event of an API Gateway HTTP API, payload format 2.0, and the answer to it. */
record HttpEvent(JsonNode event) implements Call {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String MOST_MILLIS = "25000";

  static HttpEvent read(InputStream in) throws IOException {
    return new HttpEvent(JSON.readTree(in));
  }

  @Override
  public String method() {
    return event.path("requestContext").path("http").path("method").asText();
  }

  @Override
  public String path() {
    return event.path("rawPath").asText();
  }

  /** Several values of one name come joined by commas, which no name here has. */
  @Override
  public Map<String, String> query() {
    Map<String, String> query = new HashMap<>();
    event
        .path("queryStringParameters")
        .properties()
        .forEach(each -> query.put(each.getKey(), each.getValue().asText().split(",", 2)[0]));
    return query;
  }

  @Override
  public Optional<String> header(String name) {
    Optional<String> sent = Optional.ofNullable(event.path("headers").path(name).textValue());
    // API Gateway waits for 30 s at most; a caller that waits longer gets its refusal before.
    return name.equals(CallerTimeout.Header.MILLISECONDS.text())
        ? Optional.of(sent.orElse(MOST_MILLIS))
        : sent;
  }

  @Override
  public byte[] body() {
    String text = event.path("body").asText("");
    byte[] body =
        event.path("isBase64Encoded").asBoolean()
            ? Base64.getDecoder().decode(text)
            : text.getBytes(StandardCharsets.UTF_8);
    if (body.length > OpenAiDialect.MAXIMUM_BODY_BYTES) {
      throw OpenAiDialect.tooLarge();
    }
    return body;
  }

  /** What API Gateway sends back for a reply; every body here is UTF-8. */
  static byte[] answer(Reply reply) throws IOException {
    ObjectNode root = JSON.createObjectNode().put("statusCode", reply.status());
    ObjectNode headers = root.putObject("headers").put("content-type", reply.contentType());
    reply.headers().forEach(headers::put);
    root.put("body", new String(reply.body(), StandardCharsets.UTF_8));
    root.put("isBase64Encoded", false);
    return JSON.writeValueAsBytes(root);
  }
}
