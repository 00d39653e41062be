package io.tierwise.distill.bag;

import io.tierwise.distill.Progress;
import io.tierwise.distill.train.Adam;
import io.tierwise.distill.train.Gradients;
import io.tierwise.distill.train.Gradients.Slope;
import io.tierwise.student.feature.Bag;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Trains one bag on DJL's PyTorch engine. Only the rows that a batch touches are handed to the
 * engine and updated (Adagrad, whose per-row rate suits rare features); head and projection are
 * small and dense (Adam). Rates fall linearly to nothing.
 */
final class BagTrainer {
  static final int WIDTH = 32;

  private static final float TABLE_RATE = 0.06f;
  private static final float DENSE_RATE = 0.01f;
  private static final float PROJECTION_SCALE = 0.02f;
  private static final float TINY = 1e-6f;

  private final DistillSpec spec;
  private final Lessons lessons;
  private final BagLoss loss;
  private final int[] buckets;
  private final float[] rows;
  private final float[] squares;
  private final BagMember.Dense dense;
  private final Random random;

  /**
   * What to learn, one entry per text.
   *
   * @param bags with the weights that rows will have
   * @param words [dimensions] each: the sum of the text's word vectors
   * @param hard [classes] each: the large model's label
   * @param soft [classes] each: the distribution to imitate
   */
  @SuppressWarnings("ArrayRecordComponent") // weights by the million, never compared
  record Lessons(List<Bag> bags, float[][] words, float[][] hard, float[][] soft) {
    int size() {
      return bags.size();
    }
  }

  private BagTrainer(DistillSpec spec, Lessons lessons, int[] buckets, long seed) {
    this.spec = spec;
    this.lessons = lessons;
    this.loss = new BagLoss(lessons, spec.softShare(), spec.temperature());
    this.buckets = buckets;
    this.rows = new float[buckets.length * WIDTH];
    this.squares = new float[rows.length];
    this.random = new Random(seed);
    int dimensions = lessons.words()[0].length;
    int classes = lessons.hard()[0].length;
    this.dense =
        new BagMember.Dense(
            gaussian(dimensions * WIDTH, PROJECTION_SCALE),
            gaussian(WIDTH * classes, (float) (1 / Math.sqrt(WIDTH))),
            new float[classes]);
  }

  /**
   * @param buckets every bucket of the lessons, ascending
   * @param seed of this member
   */
  static BagMember train(
      DistillSpec spec, Lessons lessons, int[] buckets, long seed, Progress progress) {
    return new BagTrainer(spec, lessons, buckets, seed).train(progress);
  }

  private BagMember train(Progress progress) {
    int batches = Math.ceilDiv(lessons.size(), spec.batch());
    long steps = (long) spec.epochs() * batches;
    Adam projection = new Adam(dense.projection().length);
    Adam head = new Adam(dense.head().length);
    Adam bias = new Adam(dense.bias().length);
    int[] order = new int[lessons.size()];
    Arrays.setAll(order, i -> i);
    long step = 0;
    try (Gradients gradients = new Gradients()) {
      for (int epoch = 0; epoch < spec.epochs(); epoch++) {
        shuffle(order, random);
        for (int from = 0; from < order.length; from += spec.batch()) {
          int to = Math.min(from + spec.batch(), order.length);
          float left = (float) (1 - (double) step / steps);
          Slope slope = descend(gradients, Arrays.copyOfRange(order, from, to), TABLE_RATE * left);
          projection.step(dense.projection(), slope.gradients().get(1), DENSE_RATE * left);
          head.step(dense.head(), slope.gradients().get(2), DENSE_RATE * left);
          bias.step(dense.bias(), slope.gradients().get(3), DENSE_RATE * left);
          progress.report("training the student", ++step, steps);
        }
      }
    }
    return new BagMember(buckets, rows, dense);
  }

  /** Moves the rows that a batch touches. */
  private Slope descend(Gradients gradients, int[] chosen, float rate) {
    int[] touched = touched(chosen);
    int[] places = Arrays.stream(touched).map(b -> Arrays.binarySearch(buckets, b)).toArray();
    Slope slope = loss.slope(gradients, chosen, touched, gather(places), dense);
    update(places, slope.gradients().getFirst(), rate);
    return slope;
  }

  private int[] touched(int[] chosen) {
    return Arrays.stream(chosen)
        .flatMap(text -> Arrays.stream(lessons.bags().get(text).buckets()))
        .sorted()
        .distinct()
        .toArray();
  }

  private float[] gather(int[] places) {
    float[] table = new float[places.length * WIDTH];
    for (int i = 0; i < places.length; i++) {
      System.arraycopy(rows, places[i] * WIDTH, table, i * WIDTH, WIDTH);
    }
    return table;
  }

  /** Adagrad (Duchi, Hazan, Singer, 2011). */
  private void update(int[] places, float[] gradient, float rate) {
    for (int i = 0; i < places.length; i++) {
      for (int d = 0; d < WIDTH; d++) {
        int cell = places[i] * WIDTH + d;
        float slope = gradient[i * WIDTH + d];
        squares[cell] += slope * slope;
        rows[cell] -= rate * slope / ((float) Math.sqrt(squares[cell]) + TINY);
      }
    }
  }

  private float[] gaussian(int size, float scale) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian() * scale;
    }
    return values;
  }

  private static void shuffle(int[] order, Random random) {
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
  }
}
