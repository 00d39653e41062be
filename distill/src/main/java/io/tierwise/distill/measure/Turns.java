package io.tierwise.distill.measure;

import io.tierwise.distill.Progress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Latencies taken in turns of ten calls in one run, so that whatever else the machine does falls on
 * all contenders alike.
 */
public final class Turns {
  private static final int TURN = 10;

  /** What each contender gets before it is timed: compilers see a call of microseconds late. */
  private static final long WARM_UP_NANOS = 2_000_000_000L;

  private static final int MOST_WARM_UP_CALLS = 50_000;

  private Turns() {}

  /**
   * The median time that each needs for a batch of texts.
   *
   * @param rounds how often each is timed
   * @param batch texts of one call
   * @param ticker monotonic nanoseconds
   * @return microseconds, one a contender
   */
  public static double[] medians(
      List<Contender> contenders,
      List<String> texts,
      int rounds,
      int batch,
      LongSupplier ticker,
      Progress progress) {
    long[][] nanos = new long[contenders.size()][rounds];
    for (Contender contender : contenders) {
      warmUp(contender, texts, batch, ticker);
    }
    for (int turn = 0; turn < rounds; turn += TURN) {
      int end = Math.min(turn + TURN, rounds);
      for (int i = 0; i < contenders.size(); i++) {
        for (int round = turn; round < end; round++) {
          nanos[i][round] = nanos(contenders.get(i), asked(texts, round, batch), ticker);
        }
      }
      progress.report("timing at batch " + batch, end, rounds);
    }
    return Arrays.stream(nanos).mapToDouble(Turns::medianMicros).toArray();
  }

  private static void warmUp(
      Contender contender, List<String> texts, int batch, LongSupplier ticker) {
    long spent = 0;
    for (int call = 0; call < MOST_WARM_UP_CALLS && spent < WARM_UP_NANOS; call++) {
      spent += nanos(contender, asked(texts, call, batch), ticker);
    }
  }

  private static long nanos(Contender contender, List<String> asked, LongSupplier ticker) {
    long start = ticker.getAsLong();
    int answers = contender.predict(asked).size();
    long took = ticker.getAsLong() - start;
    if (answers != asked.size()) {
      throw new IllegalStateException(contender.name() + " left texts unanswered");
    }
    return took;
  }

  private static List<String> asked(List<String> texts, int round, int batch) {
    List<String> asked = new ArrayList<>(batch);
    for (int i = 0; i < batch; i++) {
      asked.add(texts.get((round * batch + i) % texts.size()));
    }
    return asked;
  }

  private static double medianMicros(long[] nanos) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2] / 1000.0;
  }
}
