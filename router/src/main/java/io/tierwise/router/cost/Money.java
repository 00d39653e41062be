package io.tierwise.router.cost;

import io.tierwise.router.InvalidValueException;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * An exact amount of US dollars. Sums and products lose no digit; only {@link #rounded} rounds, and
 * it is for rendering.
 */
public record Money(BigDecimal usd) implements Comparable<Money>, Serializable {
  public static final Money ZERO = new Money(BigDecimal.ZERO);

  private static final int SHARE_DECIMALS = 18;

  /** Equal amounts are equal values: {@code 1.50} and {@code 1.5} are the same money. */
  public Money {
    usd = usd.signum() == 0 ? BigDecimal.ZERO : usd.stripTrailingZeros();
  }

  /**
   * @throws InvalidValueException when the text is no decimal number
   */
  public static Money of(String usd) {
    try {
      return new Money(new BigDecimal(usd));
    } catch (NumberFormatException e) {
      throw new InvalidValueException(
          "money", "'" + usd + "' is no decimal number", "give dollars such as 0.0025");
    }
  }

  public Money plus(Money other) {
    if (usd.signum() == 0) {
      return other;
    }
    return other.usd.signum() == 0 ? this : new Money(usd.add(other.usd));
  }

  public Money minus(Money other) {
    return other.usd.signum() == 0 ? this : new Money(usd.subtract(other.usd));
  }

  public Money times(long factor) {
    return factor == 1 ? this : new Money(usd.multiply(BigDecimal.valueOf(factor)));
  }

  public Money times(BigDecimal factor) {
    return factor.compareTo(BigDecimal.ONE) == 0 ? this : new Money(usd.multiply(factor));
  }

  /** This amount as the price of a million units, for one unit: exact. */
  public Money perMillion() {
    return new Money(usd.movePointLeft(6));
  }

  /**
   * One of {@code parts} equal shares, to 18 decimals: the one operation that a decimal cannot hold
   * exactly. Amounts of a request made of such shares fit a machine word, which adds them several
   * times faster; what is lost by it is half of 1e-18 dollars a request at most. Derive a price
   * with it once, not per request.
   */
  public Money share(BigDecimal parts) {
    return new Money(usd.divide(parts, SHARE_DECIMALS, RoundingMode.HALF_EVEN));
  }

  /** 1 − this ÷ whole, to six digits: a saving for display; 0 when the whole is 0. */
  public BigDecimal savingAgainst(Money whole) {
    if (whole.usd.signum() == 0) {
      return BigDecimal.ZERO;
    }
    return BigDecimal.ONE.subtract(usd.divide(whole.usd, 6, RoundingMode.HALF_EVEN));
  }

  public boolean isNegative() {
    return usd.signum() < 0;
  }

  /** For people: rounded half-even to this many decimals. */
  public String rounded(int decimals) {
    return usd.setScale(decimals, RoundingMode.HALF_EVEN).toPlainString();
  }

  @Override
  public int compareTo(Money other) {
    return usd.compareTo(other.usd);
  }

  /**
   * All digits, no exponent. The digits are those of {@link BigDecimal#toString}, which a decimal
   * remembers.
   */
  @Override
  public String toString() {
    String written = usd.toString();
    int exponent = written.indexOf("E-");
    if (exponent < 0) {
      return written.indexOf('E') < 0 ? written : usd.toPlainString();
    }
    int zeros = Integer.parseInt(written, exponent + 2, written.length(), 10) - 1;
    int sign = isNegative() ? 1 : 0;
    String digits = written.substring(sign, exponent).replace(".", "");
    return (isNegative() ? "-0." : "0.") + "0".repeat(zeros) + digits;
  }
}
