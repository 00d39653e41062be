package io.tierwise.bench.capacity;

import io.tierwise.router.InvalidValueException;
import java.time.Duration;

/**
 * A queue before several servers: how long requests wait in it, once it has settled.
 *
 * <p>The share that waits at all is Erlang's C formula (A. K. Erlang, Solution of some problems in
 * the theory of probabilities of significance in automatic telephone exchanges, 1917), by the
 * stable recursion over his B formula, B(0) = 1, B(k) = aB(k−1)/(k + aB(k−1)), C = B/(1 − ρ(1 − B))
 * (R. B. Cooper, Introduction to Queueing Theory, 2nd ed. 1981, section 3.5). Who waits does so for
 * an exponentially distributed time with rate cμ − λ: exact for M/M/c. Where arrivals come in
 * bursts or service times vary otherwise, waits grow in proportion to (c_a² + c_s²)/2, the squared
 * coefficients of variation of the times between arrivals and of service (A. O. Allen, Probability,
 * Statistics and Queueing Theory, 1978: the Allen-Cunneen approximation).
 *
 * @param perSecond arrivals, on average
 * @param service what one takes of its server, on average
 * @param variability (c_a² + c_s²)/2; 1 for M/M/c
 */
public record WaitingLine(double perSecond, Duration service, double variability) {
  private static final int MOST_SERVERS = 1_000_000;

  public WaitingLine {
    if (!(perSecond >= 0) || service.isNegative() || !(variability > 0)) {
      throw new InvalidValueException(
          "load",
          perSecond + " a second of " + service + ", variability " + variability,
          "give a load of 0 or more and a positive variability");
    }
  }

  /** As many servers as would be busy on average if there were always one free. */
  public double offered() {
    return perSecond * seconds(service);
  }

  /** The share of requests that find every server busy; 1 where the servers cannot keep up. */
  public double shareThatWaits(int servers) {
    double load = offered();
    if (servers <= load) {
      return 1;
    }
    double blocked = 1;
    for (int server = 1; server <= servers; server++) {
      blocked = load * blocked / (server + load * blocked);
    }
    return blocked / (1 - load / servers * (1 - blocked));
  }

  /** The mean wait, of those who do not wait included. */
  public double meanWaitSeconds(int servers) {
    double spare = servers - offered();
    return spare <= 0
        ? Double.POSITIVE_INFINITY
        : shareThatWaits(servers) * variability * seconds(service) / spare;
  }

  /** The share of requests that wait longer than this. */
  public double shareThatWaitsLonger(int servers, Duration than) {
    double spare = servers - offered();
    return spare <= 0
        ? 1
        : shareThatWaits(servers)
            * Math.exp(-seconds(than) * spare / (seconds(service) * variability));
  }

  /**
   * The fewest servers with which at most this share waits longer.
   *
   * @param share in (0, 1)
   */
  public int serversFor(Duration wait, double share) {
    int servers = Math.max(1, (int) Math.floor(offered()) + 1);
    while (shareThatWaitsLonger(servers, wait) > share) {
      if (++servers > MOST_SERVERS) {
        throw new InvalidValueException(
            "load", offered() + " servers are busy at once", "look at the service time");
      }
    }
    return servers;
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
