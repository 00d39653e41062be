package io.tierwise.distill.bag;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.tierwise.distill.Progress;
import io.tierwise.distill.train.Adam;
import io.tierwise.distill.train.Gradients;
import io.tierwise.distill.train.Gradients.Parameter;
import io.tierwise.student.feature.Bag;
import io.tierwise.student.feature.BagFeaturizer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

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
  private final int[] buckets;
  private final int[] rowOf = new int[BagFeaturizer.BUCKETS];
  private final float[] rows;
  private final float[] squares;

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

  private BagTrainer(DistillSpec spec, Lessons lessons, int[] buckets) {
    this.spec = spec;
    this.lessons = lessons;
    this.buckets = buckets;
    for (int row = 0; row < buckets.length; row++) {
      rowOf[buckets[row]] = row;
    }
    this.rows = new float[buckets.length * WIDTH];
    this.squares = new float[rows.length];
  }

  /**
   * @param buckets every bucket of the lessons, ascending
   * @param seed of this member
   */
  static BagMember train(
      DistillSpec spec, Lessons lessons, int[] buckets, long seed, Progress progress) {
    return new BagTrainer(spec, lessons, buckets).train(seed, progress);
  }

  private BagMember train(long seed, Progress progress) {
    Random random = new Random(seed);
    int dimensions = lessons.words()[0].length;
    int classes = lessons.hard()[0].length;
    float[] projection = gaussian(random, dimensions * WIDTH, PROJECTION_SCALE);
    float[] head = gaussian(random, WIDTH * classes, (float) (1 / Math.sqrt(WIDTH)));
    float[] bias = new float[classes];
    Adam projectionSteps = new Adam(projection.length);
    Adam headSteps = new Adam(head.length);
    Adam biasSteps = new Adam(classes);
    int batches = Math.ceilDiv(lessons.size(), spec.batch());
    long steps = (long) spec.epochs() * batches;
    int[] order = IntStream.range(0, lessons.size()).toArray();
    try (Gradients gradients = new Gradients()) {
      for (long step = 0; step < steps; step++) {
        int batch = (int) (step % batches);
        if (batch == 0) {
          shuffle(order, random);
        }
        int from = batch * spec.batch();
        int[] chosen = Arrays.copyOfRange(order, from, Math.min(from + spec.batch(), order.length));
        int[] touched = touched(chosen);
        List<float[]> slopes =
            gradients
                .of(
                    (scope, parameters) -> loss(scope, parameters, chosen, touched),
                    new Parameter(gather(touched), touched.length, WIDTH),
                    new Parameter(projection, dimensions, WIDTH),
                    new Parameter(head, WIDTH, classes),
                    new Parameter(bias, classes))
                .gradients();
        float left = (float) (1 - (double) step / steps);
        update(touched, slopes.get(0), TABLE_RATE * left);
        projectionSteps.step(projection, slopes.get(1), DENSE_RATE * left);
        headSteps.step(head, slopes.get(2), DENSE_RATE * left);
        biasSteps.step(bias, slopes.get(3), DENSE_RATE * left);
        progress.report("training the student", step + 1, steps);
      }
    }
    return new BagMember(buckets, rows, projection, head, bias);
  }

  /**
   * (1−α) cross-entropy to the label + α T² cross-entropy to the soft label at temperature T.
   *
   * @param parameters the touched rows, projection, head and bias
   */
  private NDArray loss(NDManager scope, List<NDArray> parameters, int[] chosen, int[] touched) {
    NDArray weights =
        scope.create(weights(chosen, touched), new Shape(chosen.length, touched.length));
    NDArray words = scope.create(select(lessons.words(), chosen));
    NDArray hidden = weights.matMul(parameters.get(0)).add(words.matMul(parameters.get(1)));
    NDArray logits = hidden.matMul(parameters.get(2)).add(parameters.get(3));
    NDArray hard = scope.create(select(lessons.hard(), chosen));
    NDArray soft = scope.create(softened(select(lessons.soft(), chosen)));
    float temperature = spec.temperature();
    return crossEntropy(hard, logits)
        .mul(1 - spec.softShare())
        .add(
            crossEntropy(soft, logits.div(temperature))
                .mul(spec.softShare() * temperature * temperature));
  }

  private static NDArray crossEntropy(NDArray target, NDArray logits) {
    return target.mul(logits.logSoftmax(1)).sum(new int[] {1}).mean().neg();
  }

  /** p^(1/T), brought to sum 1: what softmax(logits/T) is for the logits behind p. */
  private float[][] softened(float[][] soft) {
    if (spec.temperature() == 1) {
      return soft;
    }
    float[][] softened = new float[soft.length][];
    for (int i = 0; i < soft.length; i++) {
      softened[i] = new float[soft[i].length];
      double sum = 0;
      for (int k = 0; k < soft[i].length; k++) {
        softened[i][k] = (float) Math.pow(soft[i][k], 1 / spec.temperature());
        sum += softened[i][k];
      }
      for (int k = 0; k < soft[i].length; k++) {
        softened[i][k] /= (float) sum;
      }
    }
    return softened;
  }

  private int[] touched(int[] chosen) {
    return Arrays.stream(chosen)
        .flatMap(text -> Arrays.stream(lessons.bags().get(text).buckets()))
        .map(bucket -> rowOf[bucket])
        .sorted()
        .distinct()
        .toArray();
  }

  private float[] gather(int[] touched) {
    float[] table = new float[touched.length * WIDTH];
    for (int i = 0; i < touched.length; i++) {
      System.arraycopy(rows, touched[i] * WIDTH, table, i * WIDTH, WIDTH);
    }
    return table;
  }

  /** Dense [texts, touched]: a few thousand columns, cheaper than a sparse product. */
  private float[] weights(int[] chosen, int[] touched) {
    float[] weights = new float[chosen.length * touched.length];
    for (int i = 0; i < chosen.length; i++) {
      Bag bag = lessons.bags().get(chosen[i]);
      for (int j = 0; j < bag.size(); j++) {
        int column = Arrays.binarySearch(touched, rowOf[bag.buckets()[j]]);
        weights[i * touched.length + column] = bag.weights()[j];
      }
    }
    return weights;
  }

  /** Adagrad (Duchi, Hazan, Singer, 2011) on the touched rows. */
  private void update(int[] touched, float[] gradient, float rate) {
    for (int i = 0; i < touched.length; i++) {
      for (int d = 0; d < WIDTH; d++) {
        int cell = touched[i] * WIDTH + d;
        float slope = gradient[i * WIDTH + d];
        squares[cell] += slope * slope;
        rows[cell] -= rate * slope / ((float) Math.sqrt(squares[cell]) + TINY);
      }
    }
  }

  private static float[] gaussian(Random random, int size, float scale) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian() * scale;
    }
    return values;
  }

  private static float[][] select(float[][] all, int[] chosen) {
    return Arrays.stream(chosen).mapToObj(i -> all[i]).toArray(float[][]::new);
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
