package io.tierwise.bench.load;

import java.io.IOException;

/** The process of a {@link QuickUpstream}; its one argument is what it says. */
public final class UpstreamMain {
  private UpstreamMain() {}

  public static void main(String[] arguments) throws IOException {
    new QuickUpstream(arguments[0]).serve();
  }
}
