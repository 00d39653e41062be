package io.tierwise.distill.spark;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.ExecutionException;

/** The worker JVMs that this process started. */
final class Executors {
  private Executors() {}

  static List<ProcessHandle> all() {
    return ProcessHandle.current()
        .children()
        .filter(
            child -> child.info().commandLine().orElse("").contains("CoarseGrainedExecutorBackend"))
        .toList();
  }

  /** As {@code kill -9} does, and waits until it is gone. */
  static void killOne() {
    ProcessHandle process = all().getFirst();
    assertTrue(process.destroyForcibly());
    try {
      process.onExit().get();
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    }
    assertFalse(process.isAlive());
  }
}
