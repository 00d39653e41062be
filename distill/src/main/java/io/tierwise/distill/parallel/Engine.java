package io.tierwise.distill.parallel;

import java.io.Serializable;

/** Where the gradients of a training are computed. */
public interface Engine extends AutoCloseable {
  /** The name of {@link #local()}. */
  String LOCAL = "local";

  /** Hands the objective's examples to the replicas. */
  <P extends Serializable> Replicas<P> replicate(Objective<P> objective);

  @Override
  void close();

  /** This process: all GPUs that the engine finds, or else one CPU core. */
  static Engine local() {
    return new LocalEngine();
  }
}
