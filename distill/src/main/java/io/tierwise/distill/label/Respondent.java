package io.tierwise.distill.label;

import io.tierwise.router.cost.Tariff;
import io.tierwise.router.tier.Tier;
import java.io.IOException;
import java.io.Serializable;
import java.time.Clock;

/** Who answers. It travels to where the questions are asked, and is opened there. */
@FunctionalInterface
public interface Respondent extends Serializable {
  Line open() throws IOException;

  /**
   * A line to the large model.
   *
   * @param large the large tier, with its own retries
   * @param end hangs up
   */
  record Line(Tier large, Tariff tariff, Clock clock, Runnable end) implements AutoCloseable {
    @Override
    public void close() {
      end.run();
    }
  }
}
