package io.tierwise.gateway.front;

import io.tierwise.gateway.Gateway;
import io.tierwise.gateway.dialect.Arrival;
import io.tierwise.gateway.dialect.CallerTimeout;
import io.tierwise.gateway.dialect.DialectError;
import io.tierwise.gateway.dialect.DialectException;
import io.tierwise.gateway.dialect.TierwiseHeaders;
import io.tierwise.gateway.store.KeyHolder;
import io.tierwise.router.request.Cancellation;
import io.tierwise.router.request.Tenant;
import java.time.Instant;
import java.util.Optional;

/** Who calls, and what they send: keys and headers, the same in every dialect. */
final class Callers {
  private static final String SCHEME = "bearer ";

  private final Gateway gateway;

  Callers(Gateway gateway) {
    this.gateway = gateway;
  }

  /**
   * All but the body, which is to be read after it.
   *
   * @throws DialectException 401
   */
  Arrival arrival(Call request, String requestId) {
    Instant receivedAt = gateway.clock().instant();
    return new Arrival(
        requestId,
        authenticate(request),
        receivedAt,
        request.header(TierwiseHeaders.POLICY).orElse(null),
        request.header("cache-control").orElse(null),
        CallerTimeout.in(request::header),
        Cancellation.possible());
  }

  /**
   * @throws DialectException 401
   */
  Tenant authenticate(Call request) {
    return holder(request).tenant();
  }

  /**
   * @throws DialectException 401
   */
  KeyHolder holder(Call request) {
    Optional<String> presented =
        request
            .header("authorization")
            .filter(value -> value.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
            .map(value -> value.substring(SCHEME.length()).strip());
    if (presented.isEmpty()) {
      throw unauthorized(
          "There is no API key: send it in a header 'Authorization: Bearer KEY'.",
          "missing_api_key");
    }
    return gateway
        .holder(presented.get())
        .orElseThrow(() -> unauthorized("The API key is unknown or revoked.", "invalid_api_key"));
  }

  private static DialectException unauthorized(String message, String code) {
    return new DialectException(401, DialectError.invalid("Authorization", message, code));
  }
}
