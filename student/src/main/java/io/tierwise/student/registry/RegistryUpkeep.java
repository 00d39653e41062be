package io.tierwise.student.registry;

import java.io.IOException;

/** What a registry's keeper does with it now and then. */
public interface RegistryUpkeep {
  /**
   * Points live to where it pointed before, so that a second call undoes the first. Atomic: a move
   * that another makes meanwhile happens before or after, never in between.
   *
   * @return the move as it was recorded
   * @throws io.tierwise.router.InvalidValueException where live never pointed elsewhere, or that
   *     version is damaged
   */
  Move rollBack(String task, String reason) throws IOException;

  /**
   * Removes the versions that nothing names ({@link Retention}), and finishes what an earlier call
   * was killed over. What it has begun to remove can no longer be resolved or pointed to.
   *
   * @param keep how many of the versions that the history named last are kept
   * @param dryRun to change nothing and say what would be done
   */
  Cleared clear(String task, int keep, boolean dryRun) throws IOException;
}
