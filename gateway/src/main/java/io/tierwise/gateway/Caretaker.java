package io.tierwise.gateway;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The gateway's background thread: looks every second, tidies up first and every ten minutes. */
final class Caretaker implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Caretaker.class.getName());
  private static final int SECONDS_BETWEEN_TIDYING = 600;

  private final Runnable look;
  private final Runnable tidy;
  private final CountDownLatch end = new CountDownLatch(1);
  private final Thread thread;

  Caretaker(Runnable look, Runnable tidy) {
    this.look = look;
    this.tidy = tidy;
    this.thread = Thread.ofVirtual().name("caretaker").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    attempt(tidy);
    try {
      for (long second = 1; !end.await(1, TimeUnit.SECONDS); second++) {
        attempt(look);
        if (second % SECONDS_BETWEEN_TIDYING == 0) {
          attempt(tidy);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whatever it throws, memory that ran out as well: without the next look no gate is followed. */
  private static void attempt(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | Error e) {
      LOG.log(System.Logger.Level.ERROR, "housekeeping failed and will be tried again", e);
    }
  }

  /** Waits for what it is at. */
  @Override
  public void close() {
    end.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
