package io.tierwise.gateway.server;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.tierwise.gateway.Gateway;
import io.tierwise.gateway.dialect.Arrival;
import io.tierwise.gateway.dialect.ChatCall;
import io.tierwise.gateway.dialect.DialectException;
import io.tierwise.gateway.dialect.OpenAiDialect;
import io.tierwise.gateway.dialect.OpenAiError;
import io.tierwise.gateway.dialect.Reply;
import io.tierwise.gateway.dialect.TierwiseHeaders;
import io.tierwise.router.request.Tenant;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Optional;

/** OpenAI's paths. Each needs a key. */
final class OpenAiRoutes {
  private static final HeaderName POLICY = HeaderNames.create(TierwiseHeaders.POLICY);
  private static final String SCHEME = "bearer ";

  /** Read and dropped of a body that is too large, so that the caller gets to read the refusal. */
  private static final long MOST_DROPPED = 4L * OpenAiDialect.MAXIMUM_BODY_BYTES;

  private final Gateway gateway;
  private final Exchanges exchanges;
  private final OpenAiDialect dialect;

  OpenAiRoutes(Gateway gateway, Exchanges exchanges) {
    this.gateway = gateway;
    this.exchanges = exchanges;
    this.dialect = new OpenAiDialect(gateway.tasks(), gateway.since());
  }

  void addTo(HttpRouting.Builder routing) {
    routing
        .post("/v1/chat/completions", exchanges.handler(this::complete))
        .any("/v1/chat/completions", exchanges.onlyAllows("POST"))
        .get("/v1/models", exchanges.handler(this::models))
        .any("/v1/models", exchanges.onlyAllows("GET"))
        .get("/v1/models/{name}", exchanges.handler(this::model))
        .any("/v1/models/{name}", exchanges.onlyAllows("GET"));
  }

  private Reply complete(ServerRequest request, String requestId) {
    Instant receivedAt = gateway.clock().instant();
    Tenant tenant = authenticate(request);
    byte[] body = body(request);
    Arrival arrival =
        new Arrival(
            requestId,
            tenant,
            receivedAt,
            header(request, POLICY).orElse(null),
            header(request, HeaderNames.CACHE_CONTROL).orElse(null));
    ChatCall call = dialect.decode(body, arrival);
    return dialect.encode(call, gateway.answer(call.request()));
  }

  private Reply models(ServerRequest request, String requestId) {
    authenticate(request);
    return dialect.models();
  }

  private Reply model(ServerRequest request, String requestId) {
    authenticate(request);
    return dialect.model(request.path().pathParameters().get("name"));
  }

  private Tenant authenticate(ServerRequest request) {
    Optional<String> presented =
        header(request, HeaderNames.AUTHORIZATION)
            .filter(value -> value.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
            .map(value -> value.substring(SCHEME.length()).strip());
    if (presented.isEmpty()) {
      throw unauthorized(
          "There is no API key: send it in a header 'Authorization: Bearer KEY'.",
          "missing_api_key");
    }
    return gateway
        .authenticate(presented.get())
        .orElseThrow(() -> unauthorized("The API key is unknown or revoked.", "invalid_api_key"));
  }

  private static DialectException unauthorized(String message, String code) {
    return new DialectException(401, OpenAiError.invalid("Authorization", message, code));
  }

  private static Optional<String> header(ServerRequest request, HeaderName name) {
    return request.headers().contains(name)
        ? Optional.of(String.join(",", request.headers().get(name).allValues()))
        : Optional.empty();
  }

  private static byte[] body(ServerRequest request) {
    if (!request.content().hasEntity()) {
      return new byte[0];
    }
    try (InputStream stream = request.content().inputStream()) {
      byte[] body = stream.readNBytes(OpenAiDialect.MAXIMUM_BODY_BYTES + 1);
      if (body.length > OpenAiDialect.MAXIMUM_BODY_BYTES) {
        drop(stream);
        throw tooLarge();
      }
      return body;
    } catch (DialectException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // The server has no one exception for this: a broken chunk is a NumberFormatException.
      throw new UnreadableBodyException(e);
    }
  }

  private static void drop(InputStream stream) throws IOException {
    long left = MOST_DROPPED;
    byte[] piece = new byte[16 * 1024];
    int read = 0;
    while (left > 0 && read >= 0) {
      read = stream.read(piece);
      left -= read;
    }
  }

  private static DialectException tooLarge() {
    return new DialectException(
        413,
        OpenAiError.invalid(
            "body",
            "The body has more than " + OpenAiDialect.MAXIMUM_BODY_BYTES + " bytes.",
            "request_too_large"));
  }
}
