package io.tierwise.student.registry;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.Requirement;

/**
 * The number of a registry's layout. A registry that does not say is of format 1, from before there
 * was a number: it is read as it is, and becomes one of this format with its next write.
 */
public final class RegistryFormat {
  /** The format that this build writes, and the newest it reads. */
  public static final int CURRENT = 2;

  private RegistryFormat() {}

  /**
   * @param place where it says so
   * @throws InvalidValueException where this build does not read it
   */
  public static void require(String place, int format) {
    Requirement.positive(place, format);
    if (format > CURRENT) {
      throw new InvalidValueException(
          place,
          "the registry's format "
              + format
              + " is newer than "
              + CURRENT
              + ", the newest that this build reads",
          "update Tierwise on this machine to the version that wrote it");
    }
  }
}
