package io.tierwise.gateway.front;

import io.tierwise.gateway.Gateway;
import io.tierwise.gateway.dialect.Arrival;
import io.tierwise.gateway.dialect.CallerTimeout;
import io.tierwise.gateway.dialect.ConsoleDialect;
import io.tierwise.gateway.dialect.DialectError;
import io.tierwise.gateway.dialect.DialectException;
import io.tierwise.gateway.dialect.TierwiseHeaders;
import io.tierwise.gateway.store.KeyHolder;
import io.tierwise.router.request.Cancellation;
import io.tierwise.router.request.Tenant;
import java.time.Instant;

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
    return authenticate(presented(request));
  }

  private Tenant authenticate(String key) {
    return gateway.authenticate(key).orElseThrow(Callers::unknown);
  }

  /**
   * @throws DialectException 401
   */
  KeyHolder holder(Call request) {
    return gateway.holder(presented(request)).orElseThrow(Callers::unknown);
  }

  private static DialectException unknown() {
    return unauthorized("The API key is unknown or revoked.", "invalid_api_key");
  }

  /**
   * Lets an administrator's key pass.
   *
   * @throws DialectException 401, or 403 for a caller's key
   */
  void requireAdmin(Call request) {
    String key = presented(request);
    if (!gateway.isAdmin(key)) {
      authenticate(key);
      throw ConsoleDialect.noAdmin();
    }
  }

  private static String presented(Call request) {
    return request
        .header("authorization")
        .filter(value -> value.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
        .map(value -> value.substring(SCHEME.length()).strip())
        .orElseThrow(() ->
            unauthorized(
                "There is no API key: send it in a header 'Authorization: Bearer KEY'.",
                "missing_api_key"));
  }

  private static DialectException unauthorized(String message, String code) {
    return new DialectException(401, DialectError.invalid("Authorization", message, code));
  }
}
