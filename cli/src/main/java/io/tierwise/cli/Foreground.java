package io.tierwise.cli;

import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** Runs a server until the process is told to stop, then lets it drain. */
final class Foreground {
  private Foreground() {}

  static <T extends AutoCloseable> void run(T server, Consumer<T> announce)
      throws InterruptedException {
    CountDownLatch stopped = new CountDownLatch(1);
    Thread drain =
        new Thread(
            () -> {
              try {
                server.close();
              } catch (Exception e) {
                System.getLogger(Foreground.class.getName())
                    .log(System.Logger.Level.ERROR, "could not close cleanly", e);
              }
              stopped.countDown();
            },
            "drain");
    Runtime.getRuntime().addShutdownHook(drain);
    announce.accept(server);
    stopped.await();
  }
}
