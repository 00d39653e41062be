package io.tierwise.gateway.server;

import io.tierwise.gateway.testing.RunningGateway;
import java.nio.file.Path;

/** A gateway that says where it listens and what its key is, and serves until it is killed. */
public final class FewDescriptorsMain {
  private FewDescriptorsMain() {}

  public static void main(String[] arguments) throws InterruptedException {
    try (RunningGateway running =
        new RunningGateway(Path.of(arguments[0]), RunningGateway.Setup.USUAL)) {
      System.out.println(running.url());
      System.out.println(running.key());
      Thread.currentThread().join();
    }
  }
}
