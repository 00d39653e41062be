package io.tierwise.local.lambda;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/** API Gateway's HTTP API on one box: a template's routes in front of its functions. */
public final class HttpApi implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LARGEST_BODY = 10 * 1024 * 1024;

  private final LambdaServer lambda;
  private final WebServer server;

  private HttpApi(LambdaServer lambda, List<HttpRoute> routes, int port) {
    this.lambda = lambda;
    HttpRouting.Builder routing = HttpRouting.builder();
    routing.any((in, out) -> answer(in, out, routes));
    server =
        WebServer.builder()
            .host("127.0.0.1")
            .port(port)
            .maxPayloadSize(LARGEST_BODY)
            .shutdownHook(false)
            .routing(routing)
            .build()
            .start();
  }

  /**
   * Listens when it returns.
   *
   * @param port 0 for any free one
   */
  public static HttpApi start(LambdaServer lambda, List<HttpRoute> routes, int port) {
    return new HttpApi(lambda, routes, port);
  }

  public int port() {
    return server.port();
  }

  public String url() {
    return "http://127.0.0.1:" + server.port();
  }

  private void answer(ServerRequest request, ServerResponse response, List<HttpRoute> routes)
      throws IOException, InterruptedException {
    String method = request.prologue().method().text();
    String path = request.path().path();
    HttpRoute route =
        routes.stream().filter(each -> each.matches(method, path)).findFirst().orElse(null);
    if (route == null) {
      send(response, 404, "{\"message\":\"Not Found\"}");
      return;
    }
    try {
      Outcome outcome = lambda.invoke(route.function(), event(request, route));
      if (outcome.functionError() != null) {
        send(response, 500, "{\"message\":\"Internal Server Error\"}");
      } else {
        answer(response, JSON.readTree(outcome.payload()));
      }
    } catch (ThrottledException e) {
      send(response, 503, "{\"message\":\"Service Unavailable\"}");
    }
  }

  private static void answer(ServerResponse response, JsonNode answer) {
    if (!answer.path("statusCode").isInt()) {
      send(response, 500, "{\"message\":\"Internal Server Error\"}");
      return;
    }
    response.status(Status.create(answer.path("statusCode").asInt()));
    answer
        .path("headers")
        .properties()
        .forEach(header ->
            response.header(HeaderNames.create(header.getKey()), header.getValue().asText()));
    String body = answer.path("body").asText("");
    response.send(
        answer.path("isBase64Encoded").asBoolean()
            ? Base64.getDecoder().decode(body)
            : body.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] event(ServerRequest request, HttpRoute route) throws IOException {
    String method = request.prologue().method().text();
    String path = request.path().path();
    ObjectNode event = JSON.createObjectNode().put("version", "2.0");
    event.put("routeKey", route.key()).put("rawPath", path);
    event.put("rawQueryString", request.query().rawValue());
    ObjectNode headers = event.putObject("headers");
    request
        .headers()
        .forEach(header ->
            headers.put(header.headerName().lowerCase(), String.join(",", header.allValues())));
    ObjectNode context = event.putObject("requestContext");
    context.put("requestId", UUID.randomUUID().toString()).put("stage", "$default");
    context.put("routeKey", route.key()).put("timeEpoch", System.currentTimeMillis());
    context
        .putObject("http")
        .put("method", method)
        .put("path", path)
        .put("protocol", "HTTP/1.1")
        .put("sourceIp", "127.0.0.1");
    byte[] body = LambdaServer.body(request);
    String text = text(body);
    if (body.length > 0) {
      event.put("body", text == null ? Base64.getEncoder().encodeToString(body) : text);
    }
    event.put("isBase64Encoded", text == null);
    return JSON.writeValueAsBytes(event);
  }

  /** Null where the bytes are no text. */
  private static @org.jspecify.annotations.Nullable String text(byte[] body) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  private static void send(ServerResponse response, int status, String json) {
    response.status(Status.create(status)).header(HeaderNames.CONTENT_TYPE, "application/json");
    response.send(json.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    server.stop();
  }
}
