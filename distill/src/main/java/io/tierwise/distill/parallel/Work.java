package io.tierwise.distill.parallel;

import java.io.IOException;
import java.io.Serializable;

/**
 * What is done to every part of some data, each part without regard to the others. It travels to
 * the workers, so it holds only what travels.
 *
 * @param <T> a part
 * @param <R> what is made of it
 */
public interface Work<T extends Serializable, R extends Serializable> extends Serializable {
  /** Opens what the parts need, where they are worked on. */
  Worker<T, R> open() throws IOException;

  /** Does the work, part by part. */
  interface Worker<T, R> extends AutoCloseable {
    R of(T part) throws IOException;

    @Override
    default void close() {}
  }
}
