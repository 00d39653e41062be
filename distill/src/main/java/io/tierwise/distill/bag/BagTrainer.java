package io.tierwise.distill.bag;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.djl.training.optimizer.Optimizer;
import io.tierwise.distill.Progress;
import io.tierwise.distill.train.PyTorch;
import io.tierwise.student.feature.Bag;
import io.tierwise.student.feature.BagFeaturizer;
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
    int batches = Math.ceilDiv(lessons.size(), spec.batch());
    long steps = (long) spec.epochs() * batches;
    Engine engine = PyTorch.engine();
    try (NDManager manager = engine.newBaseManager()) {
      NDArray projection = parameter(manager, random, PROJECTION_SCALE, dimensions, WIDTH);
      float headScale = (float) (1 / Math.sqrt(WIDTH));
      NDArray head = parameter(manager, random, headScale, WIDTH, classes);
      NDArray bias = parameter(manager, random, 0, classes);
      Optimizer adam =
          Optimizer.adam()
              .optLearningRateTracker((parameter, step) -> DENSE_RATE * left(step - 1L, steps))
              .build();
      int[] order = new int[lessons.size()];
      Arrays.setAll(order, i -> i);
      long step = 0;
      for (int epoch = 0; epoch < spec.epochs(); epoch++) {
        shuffle(order, random);
        for (int batch = 0; batch < batches; batch++) {
          int from = batch * spec.batch();
          int[] chosen =
              Arrays.copyOfRange(order, from, Math.min(from + spec.batch(), order.length));
          float rate = TABLE_RATE * left(step, steps);
          step(engine, manager, chosen, projection, head, bias, rate);
          adam.update("projection", projection, projection.getGradient());
          adam.update("head", head, head.getGradient());
          adam.update("bias", bias, bias.getGradient());
          progress.report("training the student", ++step, steps);
        }
      }
      return new BagMember(
          buckets, rows, projection.toFloatArray(), head.toFloatArray(), bias.toFloatArray());
    }
  }

  /** One batch: forward and backward on the engine, then the touched rows' own update. */
  private void step(
      Engine engine,
      NDManager manager,
      int[] chosen,
      NDArray projection,
      NDArray head,
      NDArray bias,
      float rate) {
    int[] touched = touched(chosen);
    float[] gradient;
    try (NDManager scope = manager.newSubManager()) {
      NDArray table = scope.create(gather(touched), new Shape(touched.length, WIDTH));
      table.setRequiresGradient(true);
      NDArray weights =
          scope.create(weights(chosen, touched), new Shape(chosen.length, touched.length));
      try (GradientCollector collector = engine.newGradientCollector()) {
        NDArray words = scope.create(select(lessons.words(), chosen));
        NDArray hidden = weights.matMul(table).add(words.matMul(projection));
        NDArray logits = hidden.matMul(head).add(bias);
        collector.backward(loss(scope, logits, chosen));
      }
      gradient = table.getGradient().toFloatArray();
    }
    update(touched, gradient, rate);
  }

  /** (1−α) cross-entropy to the label + α T² cross-entropy to the soft label at temperature T. */
  private NDArray loss(NDManager scope, NDArray logits, int[] chosen) {
    NDArray hard = scope.create(select(lessons.hard(), chosen));
    NDArray soft = scope.create(softened(select(lessons.soft(), chosen)));
    float temperature = spec.temperature();
    NDArray toHard = hard.mul(logits.logSoftmax(1)).sum(new int[] {1}).mean().neg();
    NDArray toSoft =
        soft.mul(logits.div(temperature).logSoftmax(1)).sum(new int[] {1}).mean().neg();
    return toHard
        .mul(1 - spec.softShare())
        .add(toSoft.mul(spec.softShare() * temperature * temperature));
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

  private static NDArray parameter(NDManager manager, Random random, float scale, long... shape) {
    float[] values = new float[(int) new Shape(shape).size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian() * scale;
    }
    NDArray parameter = manager.create(values, new Shape(shape));
    parameter.setRequiresGradient(true);
    return parameter;
  }

  private static float[][] select(float[][] all, int[] chosen) {
    return Arrays.stream(chosen).mapToObj(i -> all[i]).toArray(float[][]::new);
  }

  private static float left(long step, long steps) {
    return (float) (1 - (double) step / steps);
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
