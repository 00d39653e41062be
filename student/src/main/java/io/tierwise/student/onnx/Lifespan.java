package io.tierwise.student.onnx;

import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * Keeps native memory alive while someone uses it: closing waits for the uses under way, and every
 * later use is refused. Freed native memory would otherwise take the whole process down.
 */
public final class Lifespan {
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private final String name;
  private boolean over;

  /**
   * @param name of what is kept alive, for the refusal
   */
  public Lifespan(String name) {
    this.name = name;
  }

  /**
   * @throws IllegalStateException after {@link #end}
   */
  public <T> T during(Supplier<T> use) {
    lock.readLock().lock();
    try {
      if (over) {
        throw new IllegalStateException(name + " is closed");
      }
      return use.get();
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Waits for the uses under way, then releases. The second call does nothing. */
  public void end(Runnable release) {
    lock.writeLock().lock();
    try {
      if (!over) {
        over = true;
        release.run();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }
}
