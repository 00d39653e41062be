package io.tierwise.gateway.server;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.tierwise.gateway.Gateway;
import io.tierwise.gateway.dialect.Arrival;
import io.tierwise.gateway.dialect.CallerTimeout;
import io.tierwise.gateway.dialect.DialectError;
import io.tierwise.gateway.dialect.DialectException;
import io.tierwise.gateway.dialect.OpenAiDialect;
import io.tierwise.gateway.dialect.TierwiseHeaders;
import io.tierwise.router.request.Cancellation;
import io.tierwise.router.request.Tenant;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Optional;

/** Who calls, and what they send: keys, headers and bodies, the same in every dialect. */
final class Callers {
  private static final HeaderName POLICY = HeaderNames.create(TierwiseHeaders.POLICY);
  private static final String SCHEME = "bearer ";

  /** Read and dropped of a body that is too large, so that the caller gets to read the refusal. */
  private static final long MOST_DROPPED = 4L * OpenAiDialect.MAXIMUM_BODY_BYTES;

  private final Gateway gateway;
  private final CallerWatch watch;

  Callers(Gateway gateway, CallerWatch watch) {
    this.gateway = gateway;
    this.watch = watch;
  }

  /**
   * All but the body, which is to be read after it.
   *
   * @throws DialectException 401
   */
  Arrival arrival(ServerRequest request, String requestId) {
    Instant receivedAt = gateway.clock().instant();
    return new Arrival(
        requestId,
        authenticate(request),
        receivedAt,
        header(request, POLICY).orElse(null),
        header(request, HeaderNames.CACHE_CONTROL).orElse(null),
        CallerTimeout.in(name -> header(request, HeaderNames.create(name))),
        Cancellation.possible());
  }

  /** From now on the caller only waits; when it goes away, the request is called off. */
  void waits(ServerRequest request, Arrival arrival) {
    watch.begin(request, arrival.cancellation());
  }

  /**
   * @throws DialectException 401
   */
  Tenant authenticate(ServerRequest request) {
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
    return new DialectException(401, DialectError.invalid("Authorization", message, code));
  }

  static Optional<String> header(ServerRequest request, HeaderName name) {
    return request.headers().contains(name)
        ? Optional.of(String.join(",", request.headers().get(name).allValues()))
        : Optional.empty();
  }

  /**
   * @throws DialectException 413
   * @throws UnreadableBodyException when it breaks off
   */
  static byte[] body(ServerRequest request) {
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
        DialectError.invalid(
            "body",
            "The body has more than " + OpenAiDialect.MAXIMUM_BODY_BYTES + " bytes.",
            "request_too_large"));
  }
}
