package io.tierwise.router;

/** The checks that records make of their fields; each names the field, the trouble and the fix. */
public final class Requirement {
  private static final int LONGEST_IDENTIFIER = 128;

  private Requirement() {}

  /** A name that is safe in keys, paths, metrics and headers. */
  public static String identifier(String field, String value) {
    if (!isIdentifier(value)) {
      throw new InvalidValueException(
          field,
          "'" + excerpt(value) + "' is not a name",
          "use 1 to 128 letters, digits, '.', '_' or '-', beginning with a letter or digit");
    }
    return value;
  }

  /** Of every request several names are checked: without a regular expression, for its price. */
  private static boolean isIdentifier(String value) {
    if (value.isEmpty() || value.length() > LONGEST_IDENTIFIER) {
      return false;
    }
    for (int i = 0; i < value.length(); i++) {
      char each = value.charAt(i);
      boolean alphanumeric =
          (each >= 'a' && each <= 'z')
              || (each >= '0' && each <= '9')
              || (each >= 'A' && each <= 'Z');
      boolean inner = i > 0 && (each == '-' || each == '.' || each == '_');
      if (!alphanumeric && !inner) {
        return false;
      }
    }
    return true;
  }

  /** A probability strictly between 0 and 1. */
  public static double openUnit(String field, double value) {
    if (!(value > 0 && value < 1)) {
      throw new InvalidValueException(
          field, value + " is not between 0 and 1 (exclusive)", "give a share such as 0.05");
    }
    return value;
  }

  /** A probability from 0 to 1, both included. */
  public static double closedUnit(String field, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new InvalidValueException(
          field, value + " is not between 0 and 1", "give a number from 0 to 1");
    }
    return value;
  }

  /** A count of at least zero. */
  public static long notNegative(String field, long value) {
    if (value < 0) {
      throw new InvalidValueException(field, value + " is negative", "give 0 or more");
    }
    return value;
  }

  /** A count of at least one. */
  public static int positive(String field, int value) {
    if (value < 1) {
      throw new InvalidValueException(field, value + " is not positive", "give 1 or more");
    }
    return value;
  }

  private static String excerpt(String value) {
    return value.length() <= 40 ? value : value.substring(0, 40) + "…";
  }
}
