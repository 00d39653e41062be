package io.tierwise.gateway.flywheel;

import java.io.IOException;

/**
 * Starts training jobs, each in a process of its own: never in the memory of the one that serves.
 */
@FunctionalInterface
public interface TrainingJobs {
  /** A job that was started. */
  interface Job {
    boolean running();

    /** Ends it, in the middle if need be. */
    void stop();
  }

  /**
   * @param reason kept with the run
   */
  Job start(String task, String reason) throws IOException;
}
