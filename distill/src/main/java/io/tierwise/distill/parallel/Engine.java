package io.tierwise.distill.parallel;

import java.io.IOException;
import java.io.Serializable;

/** Where the gradients of a training are computed, and other work that comes in parts is done. */
public interface Engine extends AutoCloseable {
  /** The name of {@link #local()}. */
  String LOCAL = "local";

  /** Hands the objective's examples to the replicas. */
  <P extends Serializable> Replicas<P> replicate(Objective<P> objective);

  /** Sets the workers to a work. */
  <T extends Serializable, R extends Serializable> Crew<T, R> crew(Work<T, R> work)
      throws IOException;

  @Override
  void close();

  /** This process: all GPUs that the engine finds, or else one CPU core. */
  static Engine local() {
    return new LocalEngine();
  }
}
