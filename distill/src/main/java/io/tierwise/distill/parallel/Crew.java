package io.tierwise.distill.parallel;

import java.io.IOException;
import java.util.List;

/**
 * An engine's workers, with one work to do.
 *
 * @param <T> a part
 * @param <R> what is made of it
 */
public interface Crew<T, R> extends AutoCloseable {

  /**
   * What was made of a part.
   *
   * @param begun how often a worker began with it: more than once where one was lost on the way, so
   *     that what the part does to the world may have been done more than once
   */
  record Done<R>(R result, int begun) {}

  /** Parts that are worked on at once. */
  int atOnce();

  /**
   * Has all parts worked on. A part whose worker is lost is begun anew by another one.
   *
   * @return in the order of the parts
   */
  List<Done<R>> each(List<T> parts) throws IOException;

  @Override
  void close();
}
