package io.tierwise.aws.snapshot;

import java.security.SecureRandom;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;

/**
 * Randomness that is seeded anew in every restored copy of a snapshot: without it, two copies would
 * draw the same request ids and flip the same audit coins. Thread-safe where its source is.
 */
public final class ReseededRandom implements RandomGenerator, Resource {
  private final Supplier<? extends RandomGenerator> source;
  private volatile RandomGenerator now;

  ReseededRandom(Supplier<? extends RandomGenerator> source) {
    this.source = source;
    this.now = source.get();
  }

  /** A secure one that follows this process's snapshots. */
  public static ReseededRandom registered() {
    ReseededRandom random = new ReseededRandom(SecureRandom::new);
    Core.getGlobalContext().register(random);
    return random;
  }

  @Override
  public long nextLong() {
    return now.nextLong();
  }

  @Override
  public void beforeCheckpoint(Context<? extends Resource> context) {
    // What is drawn until the snapshot is drawn once; only what follows must differ.
  }

  @Override
  public void afterRestore(Context<? extends Resource> context) {
    now = source.get();
  }
}
