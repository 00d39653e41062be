package io.tierwise.bench.speed;

import io.tierwise.gateway.semantic.VectorIndex;
import io.tierwise.gateway.semantic.VectorIndex.Neighbour;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import javax.crypto.spec.SecretKeySpec;

/**
 * The semantic cache's index with so many entries of one scope, of which the nearest are sought.
 */
final class ScaledVectors implements AutoCloseable {
  private static final SecretKeySpec KEY = new SecretKeySpec(new byte[32], "AES");
  private static final String SCOPE = "scope";

  /** Questions whose nearest entry is also found by comparing all. */
  private static final int CHECKED = 200;

  /** What floats of one product differ by. */
  private static final float ALIKE = 1e-5f;

  private final VectorIndex index;
  private final List<float[]> asked;
  private final Turns<float[]> turns;
  private final float[] best;
  private final long now = Clock.systemUTC().millis();

  private ScaledVectors(VectorIndex index, List<float[]> asked, float[] best) {
    this.index = index;
    this.asked = asked;
    this.turns = new Turns<>(asked);
    this.best = best;
  }

  /**
   * @param folder does not exist
   * @param size entries
   * @param asked questions, which are no entries
   */
  static ScaledVectors fill(Path folder, int size, int asked, DrawnVectors drawn)
      throws IOException {
    List<float[]> questions =
        IntStream.range(0, asked).mapToObj(i -> drawn.vector(-1L - i)).toList();
    float[] best = new float[Math.min(asked, CHECKED)];
    Arrays.fill(best, -1);
    // Closed, it has put together what it means to.
    try (VectorIndex index = VectorIndex.open(folder, KEY)) {
      IntStream.range(0, size)
          .parallel()
          .forEach(i -> {
            float[] vector = drawn.vector(i);
            index.put(new VectorIndex.Entry(Integer.toString(i), SCOPE, Long.MAX_VALUE), vector);
            compare(questions, vector, best);
          });
    }
    return new ScaledVectors(VectorIndex.open(folder, KEY), questions, best);
  }

  private static void compare(List<float[]> questions, float[] vector, float[] best) {
    for (int i = 0; i < best.length; i++) {
      float product = product(questions.get(i), vector);
      if (product > best[i]) {
        synchronized (best) {
          best[i] = Math.max(best[i], product);
        }
      }
    }
  }

  /** In four sums, so that they are added at once. */
  private static float product(float[] one, float[] other) {
    float[] sums = new float[4];
    for (int i = 0; i < one.length; i += 4) {
      sums[0] += one[i] * other[i];
      sums[1] += one[i + 1] * other[i + 1];
      sums[2] += one[i + 2] * other[i + 2];
      sums[3] += one[i + 3] * other[i + 3];
    }
    return sums[0] + sums[1] + sums[2] + sums[3];
  }

  /** The nearest to the next question. */
  List<Neighbour> next() {
    return index.nearest(SCOPE, turns.next(), now);
  }

  /** Of the questions that were compared with all entries, the share whose nearest is found. */
  double recall() {
    int found = 0;
    for (int i = 0; i < best.length; i++) {
      List<Neighbour> nearest = index.nearest(SCOPE, asked.get(i), now);
      if (!nearest.isEmpty() && nearest.getFirst().similarity() >= best[i] - ALIKE) {
        found++;
      }
    }
    return found / (double) best.length;
  }

  @Override
  public void close() throws IOException {
    index.close();
  }
}
