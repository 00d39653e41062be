package io.tierwise.gateway.doctor;

/**
 * What one check found.
 *
 * @param what was looked at
 * @param advice what to do about it; empty where there is nothing to do
 */
public record Finding(Level level, String what, String finding, String advice) {
  /** How bad it is. */
  public enum Level {
    OK,
    /** Works, and someone should look. */
    WARN,
    /** The gateway will not start or not answer. */
    FAIL
  }

  static Finding ok(String what, String finding) {
    return new Finding(Level.OK, what, finding, "");
  }

  static Finding warn(String what, String finding, String advice) {
    return new Finding(Level.WARN, what, finding, advice);
  }

  static Finding fail(String what, String finding, String advice) {
    return new Finding(Level.FAIL, what, finding, advice);
  }

  /** {@code WHAT: FINDING; ADVICE}. */
  @Override
  public String toString() {
    return what + ": " + finding + (advice.isEmpty() ? "" : "; " + advice);
  }
}
