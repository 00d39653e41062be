package io.tierwise.distill.win;

import io.tierwise.student.win.Forest;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Extremely randomised regression trees (Geurts, Ernst, Wehenkel, 2006): at each node some features
 * are drawn, for each a threshold uniformly between its extremes, and the best of these splits is
 * taken. Every tree sees two thirds of the examples, drawn anew, so that the others tell what it is
 * worth; and it has a stream of chance of its own, so the forest is the same on any number of
 * threads.
 */
final class ExtraTrees {
  private final Spec spec;
  private final double[][] inputs;

  /** The inputs again, feature by feature: a node reads few features of many examples. */
  private final double[][] columns;

  private final double[] targets;

  /**
   * @param leastLeaf examples that a leaf has at least
   * @param share of the features that are drawn at a node
   */
  record Spec(int trees, int leastLeaf, double share) {}

  /**
   * @param unseen for each example the mean over the trees that did not see it
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
  record Fitted(Forest forest, double[] unseen) {}

  private ExtraTrees(Spec spec, double[][] inputs, double[] targets) {
    this.spec = spec;
    this.inputs = inputs;
    this.columns = new double[inputs[0].length][inputs.length];
    for (int row = 0; row < inputs.length; row++) {
      for (int feature = 0; feature < columns.length; feature++) {
        columns[feature][row] = inputs[row][feature];
      }
    }
    this.targets = targets;
  }

  static Fitted fit(Spec spec, double[][] inputs, double[] targets, long seed) {
    SplittableRandom chance = new SplittableRandom(seed);
    SplittableRandom[] streams = new SplittableRandom[spec.trees()];
    for (int tree = 0; tree < streams.length; tree++) {
      streams[tree] = chance.split();
    }
    ExtraTrees trees = new ExtraTrees(spec, inputs, targets);
    Grown[] grown =
        IntStream.range(0, spec.trees())
            .parallel()
            .mapToObj(tree -> trees.grow(streams[tree]))
            .toArray(Grown[]::new);
    return new Fitted(joined(grown), trees.unseen(grown));
  }

  private Grown grow(SplittableRandom random) {
    int[] order = IntStream.range(0, inputs.length).toArray();
    int seen = (2 * order.length + 2) / 3;
    for (int i = 0; i < seen; i++) {
      int other = random.nextInt(i, order.length);
      int moved = order[other];
      order[other] = order[i];
      order[i] = moved;
    }
    Grown tree = new Grown(2 * (seen / spec.leastLeaf()) + 1, order, seen);
    tree.take();
    grow(tree, 0, order, 0, seen, random);
    return tree;
  }

  private double[] unseen(Grown[] grown) {
    double[] sums = new double[inputs.length];
    int[] counts = new int[inputs.length];
    for (Grown tree : grown) {
      for (int at = tree.seen; at < tree.order.length; at++) {
        sums[tree.order[at]] += tree.value(inputs[tree.order[at]]);
        counts[tree.order[at]]++;
      }
    }
    return IntStream.range(0, sums.length)
        .mapToDouble(i -> sums[i] / Math.max(1, counts[i]))
        .toArray();
  }

  private void grow(Grown tree, int node, int[] order, int from, int to, SplittableRandom random) {
    Split best = to - from < 2 * spec.leastLeaf() ? null : best(order, from, to, random);
    if (best == null) {
      tree.leaf(node, mean(order, from, to));
      return;
    }
    int middle = part(order, from, to, best);
    int left = tree.take();
    tree.take();
    tree.split(node, best.feature(), best.threshold(), left);
    grow(tree, left, order, from, middle, random);
    grow(tree, left + 1, order, middle, to, random);
  }

  private @Nullable Split best(int[] order, int from, int to, SplittableRandom random) {
    int width = columns.length;
    int drawn = Math.max(1, (int) Math.round(spec.share() * width));
    int[] features = IntStream.range(0, width).toArray();
    Split best = null;
    int usable = 0;
    for (int i = 0; i < width && usable < drawn; i++) {
      int other = random.nextInt(i, width);
      int feature = features[other];
      features[other] = features[i];
      double[] column = columns[feature];
      double low = Double.POSITIVE_INFINITY;
      double high = Double.NEGATIVE_INFINITY;
      for (int at = from; at < to; at++) {
        low = Math.min(low, column[order[at]]);
        high = Math.max(high, column[order[at]]);
      }
      if (low < high) {
        usable++;
        Split split = split(order, from, to, feature, (float) random.nextDouble(low, high));
        if (split.gain() > (best == null ? 0 : best.gain())) {
          best = split;
        }
      }
    }
    return best;
  }

  /** With a gain of 0 where a side would be too small. */
  private Split split(int[] order, int from, int to, int feature, float threshold) {
    double[] column = columns[feature];
    int left = 0;
    double leftSum = 0;
    double sum = 0;
    for (int at = from; at < to; at++) {
      double target = targets[order[at]];
      sum += target;
      if (column[order[at]] < threshold) {
        left++;
        leftSum += target;
      }
    }
    int n = to - from;
    int right = n - left;
    if (left < spec.leastLeaf() || right < spec.leastLeaf()) {
      return new Split(feature, threshold, 0);
    }
    double rightSum = sum - leftSum;
    // What the split takes off the squared error.
    double gain = leftSum * leftSum / left + rightSum * rightSum / right - sum * sum / n;
    return new Split(feature, threshold, gain);
  }

  private int part(int[] order, int from, int to, Split split) {
    double[] column = columns[split.feature()];
    int end = from;
    for (int at = from; at < to; at++) {
      if (column[order[at]] < split.threshold()) {
        int moved = order[at];
        order[at] = order[end];
        order[end++] = moved;
      }
    }
    return end;
  }

  private float mean(int[] order, int from, int to) {
    double sum = 0;
    for (int at = from; at < to; at++) {
      sum += targets[order[at]];
    }
    return (float) (sum / (to - from));
  }

  private record Split(int feature, float threshold, double gain) {}

  /** The nodes of one tree so far. */
  private static final class Grown {
    private final short[] features;
    private final float[] thresholds;
    private final int[] left;
    private final int[] order;
    private final int seen;
    private int size;

    /**
     * @param order the examples, those first that the tree sees
     */
    Grown(int most, int[] order, int seen) {
      this.order = order;
      this.seen = seen;
      features = new short[most];
      thresholds = new float[most];
      left = new int[most];
    }

    int take() {
      return size++;
    }

    double value(double[] input) {
      int node = 0;
      while (features[node] >= 0) {
        node = input[features[node]] < thresholds[node] ? left[node] : left[node] + 1;
      }
      return thresholds[node];
    }

    void leaf(int node, float value) {
      features[node] = -1;
      thresholds[node] = value;
    }

    void split(int node, int feature, float threshold, int child) {
      features[node] = (short) feature;
      thresholds[node] = threshold;
      left[node] = child;
    }
  }

  private static Forest joined(Grown[] grown) {
    int nodes = Arrays.stream(grown).mapToInt(tree -> tree.size).sum();
    int[] roots = new int[grown.length];
    short[] features = new short[nodes];
    float[] thresholds = new float[nodes];
    int[] left = new int[nodes];
    int root = 0;
    for (int tree = 0; tree < grown.length; tree++) {
      Grown each = grown[tree];
      roots[tree] = root;
      System.arraycopy(each.features, 0, features, root, each.size);
      System.arraycopy(each.thresholds, 0, thresholds, root, each.size);
      for (int node = 0; node < each.size; node++) {
        left[root + node] = each.features[node] < 0 ? 0 : root + each.left[node];
      }
      root += each.size;
    }
    return new Forest(roots, features, thresholds, left);
  }
}
