package io.tierwise.router.contract;

import java.util.Arrays;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/**
 * How many audits a watch would need to ring if from now on the risk were another: the median over
 * simulated futures, for no closed form knows the state it begins in.
 */
public final class AlarmDelay {
  private static final int FUTURES = 101;
  private static final int LONGEST = 20_000;

  private AlarmDelay() {}

  /**
   * @param from the watch as it is now
   * @param risk the share of audits lost from now on, in [0, 1]
   * @return audits; empty when half of the futures are silent for {@value #LONGEST}
   */
  public static OptionalInt median(AuditMonitor from, double risk, RandomGenerator random) {
    int[] audits = new int[FUTURES];
    for (int future = 0; future < FUTURES; future++) {
      audits[future] = untilItRings(from, risk, random);
    }
    Arrays.sort(audits);
    int median = audits[FUTURES / 2];
    return median > LONGEST ? OptionalInt.empty() : OptionalInt.of(median);
  }

  private static int untilItRings(AuditMonitor from, double risk, RandomGenerator random) {
    AuditMonitor state = from;
    int audits = 0;
    while (!state.rang() && audits <= LONGEST) {
      state = state.observe(random.nextDouble() < risk);
      audits++;
    }
    return audits;
  }
}
