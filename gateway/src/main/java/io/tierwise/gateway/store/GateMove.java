package io.tierwise.gateway.store;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One move of a task's gate.
 *
 * @param artifact null when the task had none
 * @param certificate what it was opened under; null for other moves
 */
public record GateMove(
    Instant at,
    String task,
    Mode mode,
    @Nullable String artifact,
    @Nullable String certificate,
    String reason) {
  /** How the reason of a move begins that an alarm made. */
  static final String ALARM = "alarm: ";

  /** Whether somebody has shut it, or set it to observe, on purpose. */
  boolean holdsBack() {
    return mode != Mode.OPEN && !reason.startsWith(ALARM);
  }

  /** Where a gate may be moved. */
  public enum Mode {
    OPEN,
    SHUT,
    OBSERVE;

    /** The name used on the command line and in the store. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Mode of(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }
}
