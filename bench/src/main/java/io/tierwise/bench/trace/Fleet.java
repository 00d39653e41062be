package io.tierwise.bench.trace;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.Requirement;
import io.tierwise.router.cost.Money;
import java.time.Duration;

/**
 * The large tier's instances, and how they follow the load, as AWS's target tracking does: out as
 * soon as a look finds too few, in only when fewer would have done for a long time.
 *
 * @param concurrency calls that an instance works at side by side
 * @param least instances
 * @param most instances
 * @param utilisation of an instance's places that is aimed at, in (0, 1]
 * @param look the time between two looks at the load
 * @param start from a decision to the first call that a new instance takes
 * @param calm how long fewer must have done before instances are taken away
 * @param hourly of one instance, from the decision on
 */
public record Fleet(
    int concurrency,
    int least,
    int most,
    double utilisation,
    Duration look,
    Duration start,
    Duration calm,
    Money hourly) {
  public Fleet {
    Requirement.positive("concurrency", concurrency);
    Requirement.positive("least", least);
    if (most < least) {
      throw new InvalidValueException(
          "most", most + " instances are fewer than the least, " + least, "give as many or more");
    }
    if (!(utilisation > 0 && utilisation <= 1)) {
      throw new InvalidValueException(
          "utilisation", utilisation + " is no share of an instance", "give a share such as 0.7");
    }
    Requirement.notNegative("look", look.toNanos() - 1);
    Requirement.notNegative("start", start.toNanos());
    Requirement.notNegative("calm", calm.toNanos());
  }

  /** As many instances as so many calls at once ask for, within the bounds. */
  int wanted(double callsAtOnce) {
    double instances = Math.ceil(callsAtOnce / (concurrency * utilisation));
    return Math.clamp((long) instances, least, most);
  }
}
