package io.tierwise.bench.load;

import io.tierwise.router.InvalidValueException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What goes wrong with a share of an upstream's answers, drawn by chance. */
final class Faults {
  private static final Fault[] ALL = Fault.values();

  private final double share;
  private final RandomGenerator random;

  /** One way for a call to go wrong. */
  enum Fault {
    /** The answer comes half a second late. */
    LATE,
    /** Status 500. */
    ERROR,
    /** Status 429, to be asked again in a second. */
    BUSY,
    /** The connection is reset. */
    RESET,
    /** The connection ends in the middle of the answer. */
    TRUNCATED,
    /** The answer is longer than it says. */
    WRONG_LENGTH,
    /** Status 200, and no JSON. */
    GARBAGE,
    /** Nothing comes. */
    SILENT
  }

  /**
   * @param share of the answers, from 0 to 1
   */
  Faults(double share, RandomGenerator random) {
    if (!(share >= 0 && share <= 1)) {
      throw new InvalidValueException("faults", share + " is no share", "give 0 to 1");
    }
    this.share = share;
    this.random = random;
  }

  /** What goes wrong with the next answer; null where nothing does. */
  @Nullable Fault draw() {
    return share > 0 && random.nextDouble() < share ? ALL[random.nextInt(ALL.length)] : null;
  }
}
