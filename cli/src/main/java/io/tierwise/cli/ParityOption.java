package io.tierwise.cli;

import io.tierwise.bench.replay.PrequentialSpec;
import io.tierwise.router.contract.Contract;
import picocli.CommandLine.Option;

/** A contract against people, the same for all that replay a stream. */
final class ParityOption {
  @Option(
      names = "--parity",
      description = {
        "The contract: answers are right, by --label-field, no less often than the large model's.",
        "Students learn from what people say where they are asked, and from the large model else."
      })
  private boolean parity;

  @Option(
      names = "--review-rate",
      defaultValue = "0.5",
      description =
          "With --parity: the share of the large model's answers that people are asked about"
              + " (default: ${DEFAULT-VALUE}).")
  private double reviewRate;

  boolean asked() {
    return parity;
  }

  /** Of the requests that one of the two alone has right, at most half are the large model's. */
  static Contract contract(double delta) {
    return new Contract(0.5, delta);
  }

  PrequentialSpec apply(PrequentialSpec spec) {
    return parity ? spec.againstPeople(reviewRate) : spec;
  }
}
