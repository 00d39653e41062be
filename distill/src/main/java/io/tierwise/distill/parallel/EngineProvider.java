package io.tierwise.distill.parallel;

/**
 * Makes an engine whose libraries are not part of the product. Found by {@link
 * java.util.ServiceLoader}, so that the class path alone says whether it is there.
 */
public interface EngineProvider {
  /** What people call it by. */
  String name();

  /**
   * @param workers how many worker JVMs to start where the engine starts them itself
   */
  Engine open(int workers);
}
