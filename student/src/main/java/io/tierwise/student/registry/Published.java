package io.tierwise.student.registry;

import io.tierwise.router.InvalidValueException;
import io.tierwise.student.artifact.Manifest;
import java.time.Instant;
import java.util.Comparator;

/** A version in a registry. */
public sealed interface Published {
  /** The oldest artifact first, what cannot be read last. */
  Comparator<Published> BY_AGE =
      Comparator.comparing(Published::madeAt).thenComparing(Published::version);

  String version();

  /** When the artifact was made; the far future where that cannot be read. */
  private Instant madeAt() {
    return switch (this) {
      case Described described -> described.manifest().createdAt();
      case Unreadable unreadable -> Instant.MAX;
    };
  }

  /** One whose manifest can be read. */
  record Described(String version, Manifest manifest) implements Published {}

  /** One whose manifest is refused. */
  record Unreadable(String version, InvalidValueException trouble) implements Published {}
}
