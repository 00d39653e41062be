package io.tierwise.distill.spark;

import io.tierwise.distill.parallel.Engine;
import io.tierwise.distill.parallel.EngineProvider;

/** Offers Spark by the name {@code spark}. */
public final class SparkEngineProvider implements EngineProvider {
  @Override
  public String name() {
    return "spark";
  }

  @Override
  public Engine open(int workers) {
    return SparkEngine.open(workers);
  }
}
