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
  private static final int WARM_UP = 2 * TURN;

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
    for (int turn = -WARM_UP; turn < rounds; turn += TURN) {
      for (int i = 0; i < contenders.size(); i++) {
        for (int round = turn; round < Math.min(turn + TURN, rounds); round++) {
          long took = nanos(contenders.get(i), asked(texts, Math.abs(round), batch), ticker);
          if (round >= 0) {
            nanos[i][round] = took;
          }
        }
      }
      progress.report(
          "timing at batch " + batch, Math.clamp((long) turn + TURN, 0, rounds), rounds);
    }
    return Arrays.stream(nanos).mapToDouble(Turns::medianMicros).toArray();
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
