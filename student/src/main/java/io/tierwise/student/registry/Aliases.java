package io.tierwise.student.registry;

import io.tierwise.router.InvalidValueException;
import java.util.List;

/** The names that may point to a version, and what is asked of every move. */
public final class Aliases {
  public static final List<String> ALL = List.of(Registry.LIVE, Registry.CANARY, Registry.PREVIOUS);

  private Aliases() {}

  /**
   * @return the alias
   * @throws InvalidValueException where it is none
   */
  public static String require(String alias) {
    if (!ALL.contains(alias)) {
      throw new InvalidValueException(
          "alias", "'" + alias + "' is none", "use one of " + String.join(", ", ALL));
    }
    return alias;
  }

  /** A move says why it is made. */
  public static String requireReason(String reason) {
    if (reason.isBlank()) {
      throw new InvalidValueException("reason", "it is blank", "say why the alias moves");
    }
    return reason;
  }
}
