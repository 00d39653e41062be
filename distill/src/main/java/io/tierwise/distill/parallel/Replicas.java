package io.tierwise.distill.parallel;

import io.tierwise.distill.train.Gradients.Slope;

/**
 * One objective, laid out over the replicas of an engine.
 *
 * @param <P> what the loss is a function of
 */
public interface Replicas<P> extends AutoCloseable {

  /**
   * The mean loss of a global batch and its gradients: every replica computes those of the examples
   * it holds, and they are averaged before anything moves.
   *
   * @param batch numbers of examples, at least one
   */
  Slope slope(P point, int[] batch);

  @Override
  void close();
}
