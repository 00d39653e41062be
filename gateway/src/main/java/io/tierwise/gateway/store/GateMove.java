package io.tierwise.gateway.store;

import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
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

  /** How it begins where a test is noted; the gate stays as it was. */
  static final String TEST = "test: ";

  /** Whether somebody has shut it, or set it to observe, on purpose. */
  boolean holdsBack() {
    return mode != Mode.OPEN && !reason.startsWith(ALARM) && !reason.startsWith(TEST);
  }

  /** What a store outside keeps, field by field. */
  public Map<String, String> fields() {
    Map<String, String> fields = new HashMap<>();
    fields.put("at", at.toString());
    fields.put("mode", mode.text());
    fields.put("reason", reason);
    if (artifact != null) {
      fields.put("artifact", artifact);
    }
    if (certificate != null) {
      fields.put("certificate", certificate);
    }
    return fields;
  }

  /** What such {@link #fields} say. */
  public static GateMove of(String task, Map<String, String> fields) {
    StoredFields all = new StoredFields("move", fields);
    return new GateMove(
        all.moment("at"),
        task,
        Mode.of(all.text("mode")),
        all.orNull("artifact"),
        all.orNull("certificate"),
        all.text("reason"));
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
