package io.tierwise.student.registry;

import io.tierwise.router.InvalidValueException;
import java.time.Instant;
import java.util.SortedMap;

/** The move that takes live back to where it was. */
public final class Rollback {
  private Rollback() {}

  /**
   * @param aliases where they point now
   * @throws InvalidValueException where live was nowhere else before
   */
  public static Move of(
      String task, SortedMap<String, String> aliases, Instant now, String reason) {
    String live = aliases.get(Registry.LIVE);
    String previous = aliases.get(Registry.PREVIOUS);
    if (previous == null || previous.equals(live)) {
      throw new InvalidValueException(
          Registry.PREVIOUS,
          "live of task '" + task + "' never pointed elsewhere",
          "promote the version that is to be live");
    }
    return new Move(now, Registry.LIVE, previous, live, "rollback: " + reason);
  }
}
