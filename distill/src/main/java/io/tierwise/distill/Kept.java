package io.tierwise.distill;

import io.tierwise.router.InvalidValueException;

/**
 * How many of some things stay.
 *
 * @param amount their number, from 1 on; or a share of them, below 1
 */
public record Kept(double amount) {
  public Kept {
    boolean number = amount >= 1 && amount == Math.rint(amount);
    if (!(amount > 0) || !(amount < 1 || number)) {
      throw new InvalidValueException(
          "keep", amount + " is neither a number nor a share", "give one such as 96, or 0.5");
    }
  }

  /** A text such as {@code 96} or {@code 0.5}. */
  public static Kept of(String text) {
    try {
      return new Kept(Double.parseDouble(text));
    } catch (NumberFormatException e) {
      throw new InvalidValueException(
          "keep", "'" + text + "' is no number", "give one such as 96, or a share such as 0.5");
    }
  }

  /**
   * At least one of {@code all}.
   *
   * @param what they are, for the message
   * @throws InvalidValueException when there are fewer
   */
  public int of(int all, String what) {
    if (amount < 1) {
      return (int) Math.max(1, Math.round(amount * all));
    }
    if (amount > all) {
      throw new InvalidValueException(
          "keep",
          "%d of %d %s".formatted((long) amount, all, what),
          "keep at most as many as there are");
    }
    return (int) amount;
  }
}
