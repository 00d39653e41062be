package io.tierwise.bench.capacity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WaitingLineTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private static WaitingLine line(double load) {
    return new WaitingLine(load, SECOND, 1);
  }

  @Test
  void oneServerIsTheTextbooksMm1() {
    // M/M/1 at ρ = 0.8: everybody who finds one there waits, W = ρ/(μ − λ), P(W > t) = ρ
    // e^(−(μ−λ)t)
    assertEquals(0.8, line(0.8).shareThatWaits(1), 1e-12);
    assertEquals(4, line(0.8).meanWaitSeconds(1), 1e-12);
    assertEquals(
        0.8 * Math.exp(-0.4), line(0.8).shareThatWaitsLonger(1, SECOND.multipliedBy(2)), 1e-12);
  }

  /** By Erlang's formula written out, in fractions. */
  @ParameterizedTest
  @CsvSource({"1, 2, 0.33333333333333", "2, 3, 0.44444444444444", "2.5, 4, 0.31992187500000"})
  void theShareThatWaitsIsErlangsC(double load, int servers, double share) {
    double top = Math.pow(load, servers) / factorial(servers) * servers / (servers - load);
    double bottom = top;
    for (int k = 0; k < servers; k++) {
      bottom += Math.pow(load, k) / factorial(k);
    }
    assertEquals(top / bottom, line(load).shareThatWaits(servers), 1e-12);
    assertEquals(share, line(load).shareThatWaits(servers), 1e-3);
  }

  private static double factorial(int n) {
    return n == 0 ? 1 : n * factorial(n - 1);
  }

  @Test
  void staysFiniteForThousandsOfServers() {
    double share = line(9_900).shareThatWaits(10_000);
    assertTrue(share > 0.2 && share < 0.3, () -> "" + share);
  }

  @Test
  void serversThatCannotKeepUpLetEverybodyWait() {
    assertEquals(1, line(3).shareThatWaits(3));
    assertEquals(Double.POSITIVE_INFINITY, line(3).meanWaitSeconds(3));
  }

  @Test
  void givesTheFewestServersThatMeetTheTarget() {
    for (double load = 0.1; load < 40; load *= 1.7) {
      int servers = line(load).serversFor(SECOND, 0.05);
      assertTrue(line(load).shareThatWaitsLonger(servers, SECOND) <= 0.05);
      assertTrue(servers == 1 || line(load).shareThatWaitsLonger(servers - 1, SECOND) > 0.05);
    }
  }

  /** 400,000 calls let through a queue of their own, one by one. */
  @ParameterizedTest
  @CsvSource({"0.7, 1", "2.4, 3", "8.5, 10", "27, 30"})
  void agreesWithADiscreteEventSimulation(double load, int servers) {
    Random random = new Random(11);
    List<Arrivals.Call> calls = new ArrayList<>();
    double clock = 0;
    for (int i = 0; i < 400_000; i++) {
      clock += -Math.log(1 - random.nextDouble()) / load;
      calls.add(
          new Arrivals.Call(
              Instant.EPOCH.plusNanos((long) (clock * 1e9)),
              Duration.ofNanos((long) (-Math.log(1 - random.nextDouble()) * 1e9))));
    }
    Arrivals arrivals = Arrivals.of(calls);
    Duration[] waits = arrivals.waits(servers);
    double waited = share(waits, Duration.ZERO);
    double longer = share(waits, SECOND);
    double mean = Arrays.stream(waits).mapToLong(Duration::toNanos).average().orElseThrow() / 1e9;
    WaitingLine model = line(load);
    assertEquals(model.shareThatWaits(servers), waited, 0.02);
    assertEquals(model.shareThatWaitsLonger(servers, SECOND), longer, 0.02);
    assertEquals(model.meanWaitSeconds(servers), mean, 0.08 * model.meanWaitSeconds(servers));
    assertEquals(1, arrivals.variability(Duration.ofMinutes(5)), 0.02);
  }

  private static double share(Duration[] waits, Duration than) {
    return (double) Arrays.stream(waits).filter(wait -> wait.compareTo(than) > 0).count()
        / waits.length;
  }
}
