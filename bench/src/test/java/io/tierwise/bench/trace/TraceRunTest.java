package io.tierwise.bench.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.bench.capacity.Arrivals.Call;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.cost.Money;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class TraceRunTest {
  private static final Tiers LARGE_ALONE =
      new Tiers(0, 0, Duration.ZERO, Duration.ZERO, Duration.ZERO, 1);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Places of one call each, looks every minute, two minutes to start, five of calm. */
  private static Fleet fleet(int least, int most) {
    return new Fleet(
        1,
        least,
        most,
        1,
        Duration.ofMinutes(1),
        Duration.ofMinutes(2),
        Duration.ofMinutes(5),
        Money.of("6"));
  }

  private static Call call(double second, double seconds) {
    return new Call(
        Instant.EPOCH.plusNanos(Math.round(second * 1e9)),
        Duration.ofNanos(Math.round(seconds * 1e9)));
  }

  private static List<Call> every(double seconds, int count, double service) {
    return IntStream.range(0, count).mapToObj(i -> call(i * seconds, service)).toList();
  }

  private static TraceRun run(List<Call> calls, Tiers tiers, Fleet fleet, double factor) {
    return TraceRun.of(new TraceRun.Setting(calls, tiers, fleet, PATIENCE, 1), factor);
  }

  @Test
  void callsWaitInTheirOrderForAFreePlace() {
    // On one place: 0 to 10, 10 to 20, 20 to 22.
    TraceRun run = run(List.of(call(0, 10), call(1, 10), call(2, 2)), LARGE_ALONE, fleet(1, 1), 1);
    assertEquals(Duration.ofSeconds(19), run.median());
    assertEquals(Duration.ofSeconds(20), run.p99());
    assertEquals(3, run.large());
    assertEquals(0, run.refused());
    assertEquals(22.0 / 3600, run.instanceHours(), 1e-12);
    assertEquals("0.0367", run.cost().rounded(4));
  }

  @Test
  void whoWaitsTooLongGivesUpAndTakesNoPlace() {
    // The second gives up at 31, the third waits from 20 until 40.
    TraceRun run = run(List.of(call(0, 40), call(1, 10), call(20, 5)), LARGE_ALONE, fleet(1, 1), 1);
    assertEquals(1, run.refused());
    assertEquals(Duration.ofSeconds(25), run.median());
    assertEquals(Duration.ofSeconds(40), run.p99());
  }

  @Test
  void instancesComeAfterTheirColdStartAndGoAfterTheCalm() {
    // Three calls at once from the start: one instance is there, at 60 s two more are asked for,
    // and they take calls from 180 s on.
    List<Call> calls = IntStream.range(0, 3).mapToObj(i -> call(0, 200)).toList();
    Fleet fleet = fleet(1, 3);
    FleetRun run =
        new FleetRun(fleet, 1, Duration.ofHours(1).toNanos(), (request, at, whole) -> {});
    for (int i = 0; i < calls.size(); i++) {
      run.offer(i, 0, calls.get(i).service().toNanos());
    }
    run.finish();
    // The first ends at 200, the others begin at 180 and end at 380.
    assertEquals(3, run.mostInstances());
    assertEquals((380 + 2 * 320) / 3600.0, run.instanceHours(), 1e-9);

    // A call long after: five minutes of calm, of which at most two did until 420.
    long nanos = Duration.ofMinutes(30).toNanos();
    run.offer(3, nanos, 1);
    run.finish();
    assertTrue(run.instanceHours() < 3 * 0.5, () -> run.instanceHours() + " hours");
    assertTrue(run.instanceHours() > 0.5, () -> run.instanceHours() + " hours");
  }

  @Test
  void cheapTiersTakeProcessorsAndNoInstance() {
    Tiers tiers = new Tiers(1, 0, Duration.ofMillis(10), Duration.ZERO, Duration.ZERO, 2);
    // Three at once on two cores: 10, 10 and 20 ms.
    List<Call> calls = List.of(call(0, 9), call(0, 9), call(0, 9));
    TraceRun run = run(calls, tiers, fleet(1, 1), 1);
    assertEquals(0, run.large());
    assertEquals(Duration.ofMillis(10), run.median());
    assertEquals(Duration.ofMillis(20), run.p99());
  }

  @Test
  void theHighestRateIsWhereThePlacesAreUsedUp() {
    // 100 calls of 0.1 s a second apart on one place: ten times as many would fill it to the brim.
    TraceRun.Setting setting =
        new TraceRun.Setting(every(1, 100, 0.1), LARGE_ALONE, fleet(1, 1), PATIENCE, 1);
    double highest = TraceRun.highest(setting, Duration.ofSeconds(1), 1024);
    assertTrue(highest > 5 && highest < 10.5, () -> highest + " times");
    assertEquals(0, TraceRun.highest(setting, Duration.ofMillis(50), 1024));
    assertEquals(4, TraceRun.highest(setting, Duration.ofSeconds(1), 5));
  }

  @Property(tries = 20)
  void theSameSeedGivesTheSameFigures(
      @ForAll long seed, @ForAll @DoubleRange(min = 0.5, max = 4) double factor) {
    Tiers tiers =
        new Tiers(
            0.2, 0.5, Duration.ofNanos(46_000), Duration.ofNanos(66_000), Duration.ofMillis(1), 2);
    TraceRun.Setting setting =
        new TraceRun.Setting(every(0.5, 200, 0.7), tiers, fleet(1, 4), PATIENCE, seed);
    TraceRun run = TraceRun.of(setting, factor);
    assertEquals(run, TraceRun.of(setting, factor));
    assertTrue(run.large() < run.requests());
    assertTrue(run.refused() <= run.large());
  }

  @Property(tries = 20)
  void aCrowdHasEveryCallSoManyTimesInOrderWithinTheTrace(
      @ForAll @LongRange(min = 1, max = 1000) long seed) {
    java.util.SplittableRandom random = new java.util.SplittableRandom(seed);
    Crowd crowd = Crowd.of(every(2, 50, 0.5), 3, random);
    assertEquals(150, crowd.at().length);
    for (int i = 1; i < 150; i++) {
      assertTrue(crowd.at()[i - 1] <= crowd.at()[i]);
    }
    assertEquals(Duration.ofSeconds(98).toNanos(), crowd.at()[149]);
    assertNotEquals(crowd.at()[0], crowd.at()[2]);
  }

  @Test
  void refusesWhatIsNoLoadAndNoFleet() {
    assertThrows(
        InvalidValueException.class, () -> run(every(1, 3, 1), LARGE_ALONE, fleet(1, 1), 0));
    InvalidValueException bounds = assertThrows(InvalidValueException.class, () -> fleet(3, 2));
    assertEquals("most", bounds.field());
    InvalidValueException shares =
        assertThrows(
            InvalidValueException.class,
            () -> new Tiers(0.6, 0.6, Duration.ZERO, Duration.ZERO, Duration.ZERO, 1));
    assertEquals("studentShare", shares.field());
  }
}
