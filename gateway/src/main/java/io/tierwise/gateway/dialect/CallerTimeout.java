package io.tierwise.gateway.dialect;

import static io.tierwise.gateway.dialect.DialectException.badRequest;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * How long a caller says it waits, counted from the request's arrival.
 *
 * @param sent the headers by which it says so, each as it was sent; the shortest counts
 */
public record CallerTimeout(List<Sent> sent) {
  public CallerTimeout {
    sent = List.copyOf(sent);
  }

  /** The headers that say it. */
  public enum Header {
    /** Tierwise's own. */
    MILLISECONDS("x-tierwise-timeout-ms", "milliseconds", 6),
    /** OpenAI's client for Node sends it where a timeout is asked for. */
    SECONDS("x-stainless-timeout", "seconds", 9),
    /**
     * OpenAI's client for Python sends it always. An answer comes whole, so no byte comes before.
     */
    READ_SECONDS("x-stainless-read-timeout", "seconds", 9);

    private final String text;
    private final String unit;
    private final int digitsToNanos;

    Header(String text, String unit, int digitsToNanos) {
      this.text = text;
      this.unit = unit;
      this.digitsToNanos = digitsToNanos;
    }

    public String text() {
      return text;
    }
  }

  /** One header as it was sent. */
  public record Sent(Header header, String value) {
    /**
     * Empty where it is 0 of a client that cuts off fractions: less than a second, but not none.
     */
    private Optional<Duration> duration() {
      String digits = value.strip();
      if (!digits.matches("[0-9]{1,9}(?:\\.[0-9]{1,9})?")) {
        throw wrong();
      }
      BigDecimal number = new BigDecimal(digits);
      if (number.signum() == 0) {
        if (header == Header.MILLISECONDS) {
          throw wrong();
        }
        return Optional.empty();
      }
      return Optional.of(Duration.ofNanos(number.movePointRight(header.digitsToNanos).longValue()));
    }

    private DialectException wrong() {
      return badRequest(
          header.text,
          "The header '%s' must be a positive number of %s.".formatted(header.text, header.unit),
          "invalid_value");
    }
  }

  /**
   * @param headers gives a header's value by its name
   */
  public static CallerTimeout in(Function<String, Optional<String>> headers) {
    List<Sent> sent = new ArrayList<>();
    for (Header header : Header.values()) {
      headers.apply(header.text).ifPresent(value -> sent.add(new Sent(header, value)));
    }
    return new CallerTimeout(sent);
  }

  /**
   * The shortest time that is asked for, or this.
   *
   * @throws DialectException 400 when one of the headers is no number
   */
  Duration orAtMost(Duration longest) {
    Duration shortest = longest;
    for (Sent each : sent) {
      Duration asked = each.duration().orElse(longest);
      shortest = asked.compareTo(shortest) < 0 ? asked : shortest;
    }
    return shortest;
  }
}
