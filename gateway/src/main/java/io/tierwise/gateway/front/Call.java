package io.tierwise.gateway.front;

import io.tierwise.gateway.dialect.DialectException;
import io.tierwise.router.request.Cancellation;
import java.util.Map;
import java.util.Optional;

/** One HTTP request, as any front hands it over: a server's socket, or an API Gateway event. */
public interface Call {
  String method();

  /** Decoded, without the query. */
  String path();

  /** Decoded; of several values of one name the first. */
  Map<String, String> query();

  /**
   * One header; several of that name are joined by commas.
   *
   * @param name in lower case
   */
  Optional<String> header(String name);

  /** The most that {@link #body} holds, known before it is read; 0 where nobody waits for it. */
  default long bodyBytes() {
    return 0;
  }

  /**
   * All of the body; to be asked once.
   *
   * @throws DialectException 413 when it is larger than a dialect takes
   * @throws UnreadableBodyException when it breaks off
   */
  byte[] body();

  /** From now until {@link #answered} the caller only waits; it may go away meanwhile. */
  default void waits(Cancellation cancellation) {}

  /** The answer is there, whatever it is. */
  default void answered() {}

  /** What the braces of the path's pattern matched; empty before a pattern was. */
  default Map<String, String> parameters() {
    return Map.of();
  }

  /** One of {@link #parameters}, which the pattern has. */
  default String parameter(String name) {
    String value = parameters().get(name);
    if (value == null) {
      throw new IllegalArgumentException("the pattern has no {" + name + "}");
    }
    return value;
  }
}
