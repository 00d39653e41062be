package io.tierwise.student.registry;

import io.tierwise.student.artifact.Artifact;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where artifacts are kept. A version, once published, never changes; an alias names one version of
 * a task and moves atomically. Thread-safe, also between processes.
 *
 * <p>Tasks, aliases and versions are names ({@link io.tierwise.router.Requirement#identifier});
 * anything else is refused as an {@link io.tierwise.router.InvalidValueException}, and so are
 * damaged or unknown artifacts. {@link IOException} is trouble with the store itself.
 */
public interface Registry {
  /** The version that serves. */
  String LIVE = "live";

  /** The version that is on trial. */
  String CANARY = "canary";

  /** The version that was live before; moved by the registry whenever live moves. */
  String PREVIOUS = "previous";

  /**
   * The artifact that an alias names; none where the alias was never pointed. Cheap enough to be
   * asked every second: a version that was verified once is not hashed again.
   */
  Optional<Artifact> resolve(String task, String alias) throws IOException;

  /**
   * Verifies an artifact and takes a copy. Publishing the same content twice changes nothing.
   *
   * @return the artifact as it now lies in the registry
   */
  Artifact publish(Path artifactDirectory) throws IOException;

  /**
   * Moves an alias to a published version and records it. Where the alias names that version
   * already, nothing moves and nothing is recorded.
   */
  void point(String task, String alias, String version, String reason) throws IOException;
}
