package io.tierwise.gateway.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One run of a task's training job.
 *
 * @param reason why it was started
 * @param endedAt null while it runs
 * @param detail what came of it, for people
 * @param artifact the version that went on trial; null when none did
 */
public record TrainingRun(
    long number,
    String task,
    String reason,
    Instant startedAt,
    @Nullable Instant endedAt,
    Outcome outcome,
    String detail,
    @Nullable String artifact) {
  /** How a run ended. */
  public enum Outcome {
    /** It has not. */
    RUNNING("running"),
    /** Its student is certified and on trial. */
    CERTIFIED("certified"),
    /** Its student is not good enough, or no better than the live one. */
    WITHHELD("withheld"),
    /** It could not be carried out. */
    FAILED("failed"),
    /** Its process ended in the middle. */
    KILLED("killed");

    private final String text;

    Outcome(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }

    static Outcome of(String text) {
      for (Outcome outcome : values()) {
        if (outcome.text.equals(text)) {
          return outcome;
        }
      }
      throw new IllegalStateException("there is no outcome '" + text + "'");
    }
  }
}
