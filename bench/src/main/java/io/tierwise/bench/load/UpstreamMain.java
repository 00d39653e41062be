package io.tierwise.bench.load;

import java.io.IOException;
import java.util.Random;

/**
 * The process of a {@link QuickUpstream}. Its arguments are what it says, and, where answers are to
 * go wrong, their share and a seed.
 */
public final class UpstreamMain {
  private UpstreamMain() {}

  public static void main(String[] arguments) throws IOException {
    double share = arguments.length > 1 ? Double.parseDouble(arguments[1]) : 0;
    long seed = arguments.length > 2 ? Long.parseLong(arguments[2]) : 0;
    new QuickUpstream(arguments[0], new Faults(share, new Random(seed))).serve();
  }
}
