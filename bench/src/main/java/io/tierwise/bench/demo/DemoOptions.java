package io.tierwise.bench.demo;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.contract.Contract;
import java.nio.file.Path;
import java.util.List;

/**
 * How to run the demo.
 *
 * @param home the installation, whose {@code infra/demo} holds the texts
 * @param work where everything it makes is kept; emptied at the start
 * @param cache where what is computed once for all runs is kept
 * @param requests length of the stream
 * @param port of the gateway; 0 picks a free one
 * @param keep leave the gateway and the teacher serving until interrupted
 * @param tierwise the command that runs this command line, for the child processes
 */
public record DemoOptions(
    Path home,
    Path work,
    Path cache,
    int requests,
    long seed,
    Contract contract,
    int port,
    boolean keep,
    List<String> tierwise) {
  private static final int FEWEST_REQUESTS = 400;

  public DemoOptions {
    if (requests < FEWEST_REQUESTS) {
      throw new InvalidValueException(
          "--requests",
          requests + " are too few to certify anything",
          "give at least " + FEWEST_REQUESTS);
    }
    tierwise = List.copyOf(tierwise);
  }

  Path texts(String part) {
    return home.resolve("infra/demo/support-desk").resolve(part + ".jsonl");
  }
}
