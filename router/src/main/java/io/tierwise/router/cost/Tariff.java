package io.tierwise.router.cost;

import io.tierwise.router.InvalidValueException;
import java.math.BigDecimal;
import java.time.Duration;

/** How usage becomes money. */
public sealed interface Tariff {
  Money cost(Usage usage);

  /** The decimal places of a million. */
  int MILLION = 6;

  /** Nothing is billed: work on a machine that is paid for anyway and priced elsewhere. */
  Tariff FREE = new PerRequest(Money.ZERO);

  /** A language model's price per million tokens. */
  record PerToken(Money inputPerMillion, Money cachedInputPerMillion, Money outputPerMillion)
      implements Tariff {
    public PerToken {
      notNegative("inputPerMillion", inputPerMillion);
      notNegative("cachedInputPerMillion", cachedInputPerMillion);
      notNegative("outputPerMillion", outputPerMillion);
    }

    @Override
    public Money cost(Usage usage) {
      BigDecimal sum =
          of(inputPerMillion, usage.inputTokens() - usage.cachedInputTokens())
              .add(of(outputPerMillion, usage.outputTokens()));
      if (usage.cachedInputTokens() > 0) {
        sum = sum.add(of(cachedInputPerMillion, usage.cachedInputTokens()));
      }
      return new Money(sum.movePointLeft(MILLION));
    }

    private static BigDecimal of(Money price, long tokens) {
      return price.usd().multiply(BigDecimal.valueOf(tokens));
    }
  }

  /** A function's price per gigabyte-second, at a fixed memory size. */
  record PerGbSecond(Money perGbSecond, BigDecimal gigabytes) implements Tariff {
    public PerGbSecond {
      notNegative("perGbSecond", perGbSecond);
      positive("gigabytes", gigabytes);
    }

    @Override
    public Money cost(Usage usage) {
      return perGbSecond.times(gigabytes).times(seconds(usage.compute()));
    }
  }

  /** A price per call. */
  record PerRequest(Money perRequest) implements Tariff {
    public PerRequest {
      notNegative("perRequest", perRequest);
    }

    @Override
    public Money cost(Usage usage) {
      return perRequest.times(usage.requests());
    }
  }

  /**
   * An instance billed by the hour, charged to requests at what each takes of it: hourly price ÷
   * requests per hour that it sustains at the target utilisation. The share is derived once.
   */
  record PerInstanceHour(Money hourly, BigDecimal requestsPerHour, Money perRequest)
      implements Tariff {
    public PerInstanceHour {
      notNegative("hourly", hourly);
      positive("requestsPerHour", requestsPerHour);
      if (!perRequest.equals(hourly.share(requestsPerHour))) {
        throw new InvalidValueException(
            "perRequest",
            perRequest + " is not " + hourly + " / " + requestsPerHour,
            "leave it to be derived");
      }
    }

    public PerInstanceHour(Money hourly, BigDecimal requestsPerHour) {
      this(hourly, requestsPerHour, hourly.share(positive("requestsPerHour", requestsPerHour)));
    }

    @Override
    public Money cost(Usage usage) {
      return perRequest.times(usage.requests());
    }
  }

  private static BigDecimal seconds(Duration duration) {
    return BigDecimal.valueOf(duration.toNanos(), 9);
  }

  private static void notNegative(String field, Money price) {
    if (price.isNegative()) {
      throw new InvalidValueException(field, price + " is negative", "give a price of 0 or more");
    }
  }

  private static BigDecimal positive(String field, BigDecimal value) {
    if (value.signum() <= 0) {
      throw new InvalidValueException(field, value + " is not positive", "give more than 0");
    }
    return value;
  }
}
