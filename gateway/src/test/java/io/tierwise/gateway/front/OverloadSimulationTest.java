package io.tierwise.gateway.front;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A machine of two processors before one queue, and callers who come whatever becomes of them and
 * leave after a second. What is answered later than that is work done for nobody.
 */
class OverloadSimulationTest {
  private static final double PROCESSORS = 2;
  private static final double WORK = 0.005;
  private static final double READING = 0.000_05;
  private static final double PATIENCE = 1;
  private static final double SECONDS = 30;
  private static final double CAPACITY = PROCESSORS / WORK;

  private static final double PEAK = Machine.with(true).goodput(0.95 * CAPACITY);

  @Test
  void fiveTimesWhatCanBeDoneLeavesAtLeastFourFifthsOfThePeak() {
    Machine machine = Machine.with(true);
    double ratio = machine.goodput(5 * CAPACITY) / PEAK;
    assertTrue(ratio >= 0.8, "goodput is " + ratio + " of the peak");
    assertTrue(machine.mostQueued <= 300, machine.mostQueued + " queued at once");
  }

  @Test
  void withoutTheLimitNothingIsLeft() {
    Machine machine = Machine.with(false);
    double ratio = machine.goodput(5 * CAPACITY) / PEAK;
    assertTrue(ratio <= 0.1, "goodput is " + ratio + " of the peak");
    assertTrue(machine.mostQueued >= 10_000, machine.mostQueued + " queued at once");
  }

  @Test
  void belowWhatCanBeDoneNobodyIsRefused() {
    Machine machine = Machine.with(true);
    machine.goodput(0.8 * CAPACITY);
    assertTrue(machine.refused * 1000 <= machine.come, machine.refused + " of " + machine.come);
  }

  @Test
  void refusalsAreQuick() {
    Machine machine = Machine.with(true);
    machine.goodput(5 * CAPACITY);
    assertTrue(machine.longestRefusal <= 0.2, "one took " + machine.longestRefusal + " s");
  }

  @Test
  void recoversWithinASecondOfTheOverloadsEnd() {
    Machine machine = Machine.with(true);
    machine.goodput(5 * CAPACITY);
    long before = machine.refused;
    machine.run(1, 0.8 * CAPACITY);
    long after = machine.refused;
    machine.run(SECONDS, 0.8 * CAPACITY);
    assertTrue(after - before <= 80, "refused " + (after - before) + " in the first second");
    assertTrue(machine.refused - after <= 10, "refused " + (machine.refused - after) + " later");
  }

  private static final class Machine {
    private final AdaptiveLimit limit;
    private final boolean limited;
    private final Random random = new Random(20_261_201);
    private final Deque<Turn> queue = new ArrayDeque<>();
    private final PriorityQueue<Double> busy = new PriorityQueue<>();
    private double now;
    private long come;
    private long answered;
    private long refused;
    private double longestRefusal;
    private int mostQueued;

    /** A request's turn on a processor: the first to be read, the second to be worked on. */
    private record Turn(double cameAt, double queuedAt, boolean admitted) {}

    private Machine(boolean limited) {
      this.limited = limited;
      this.limit = new AdaptiveLimit(Duration.ofMillis(20), 8, 4096);
    }

    static Machine with(boolean limited) {
      return new Machine(limited);
    }

    /** Requests answered in time, a second, of those that come at this rate. */
    double goodput(double rate) {
      run(SECONDS, rate);
      return answered / SECONDS;
    }

    void run(double seconds, double rate) {
      double end = now + seconds;
      double next = now + between(rate);
      while (now < end) {
        if (!queue.isEmpty() && busy.size() < PROCESSORS) {
          turn(queue.removeFirst());
        } else if (!busy.isEmpty() && busy.element() <= next) {
          now = busy.remove();
        } else {
          now = next;
          next += between(rate);
          come++;
          queue.addLast(new Turn(now, now, false));
          mostQueued = Math.max(mostQueued, queue.size());
        }
      }
    }

    private double between(double rate) {
      return -Math.log(1 - random.nextDouble()) / rate;
    }

    private void turn(Turn turn) {
      if (turn.admitted() || !limited) {
        if (turn.admitted()) {
          limit.leave(nanos(now - turn.queuedAt()), nanos(now));
        }
        double done = now + WORK;
        busy.add(done);
        answered += done - turn.cameAt() <= PATIENCE ? 1 : 0;
        return;
      }
      double read = now + READING;
      busy.add(read);
      if (limit.enter()) {
        queue.addLast(new Turn(turn.cameAt(), now, true));
      } else {
        refused++;
        longestRefusal = Math.max(longestRefusal, read - turn.cameAt());
      }
    }

    private static long nanos(double seconds) {
      return Math.round(seconds * 1e9);
    }
  }
}
