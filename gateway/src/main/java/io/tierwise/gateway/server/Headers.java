package io.tierwise.gateway.server;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The server's form of the headers that the gateway reads and writes: a few, known by the code. */
final class Headers {
  private static final Map<String, HeaderName> KNOWN = new ConcurrentHashMap<>();

  private Headers() {}

  /**
   * @param name in lower case; never a caller's words, for it is kept
   */
  static HeaderName name(String name) {
    HeaderName known = KNOWN.get(name);
    return known != null ? known : KNOWN.computeIfAbsent(name, HeaderNames::create);
  }
}
