package io.tierwise.gateway.dialect;

import static io.tierwise.gateway.dialect.DialectException.badRequest;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * How long a caller says it waits, counted from the request's arrival: {@code
 * x-tierwise-timeout-ms}, or what OpenAI's clients send of themselves, {@code x-stainless-timeout}
 * in seconds.
 *
 * @param header which of the two
 * @param value as it was sent
 */
public record CallerTimeout(String header, String value) {
  public static final String MILLISECONDS = "x-tierwise-timeout-ms";
  public static final String SECONDS = "x-stainless-timeout";

  /** What the headers say; the milliseconds where both are there. */
  public static Optional<CallerTimeout> in(Function<String, Optional<String>> headers) {
    return headers
        .apply(MILLISECONDS)
        .map(value -> new CallerTimeout(MILLISECONDS, value))
        .or(() -> headers.apply(SECONDS).map(value -> new CallerTimeout(SECONDS, value)));
  }

  /**
   * @throws DialectException 400 when it is not a positive number
   */
  Duration duration() {
    String digits = value.strip();
    if (!digits.matches("[0-9]{1,9}(?:\\.[0-9]{1,9})?") || new BigDecimal(digits).signum() == 0) {
      throw badRequest(
          header,
          "The header '%s' must be a positive number of %s.".formatted(header, unit()),
          "invalid_value");
    }
    BigDecimal nanos = new BigDecimal(digits).movePointRight(header.equals(MILLISECONDS) ? 6 : 9);
    return Duration.ofNanos(nanos.longValue());
  }

  private String unit() {
    return header.equals(MILLISECONDS) ? "milliseconds" : "seconds";
  }
}
